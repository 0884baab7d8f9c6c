// Long answers on a terminal go through a pager, as git's do: $PAGER, else less, which shows
// what fits on one screen without waiting. What is piped or goes into a file meets none.
#pragma once

namespace saring::tool {

// From now on standard output goes to the pager. Nothing happens where standard output is no terminal,
// PAGER is empty or cat, or there is no less.
void begin_paging();

// Says that nothing more comes, and waits until the reader has left the pager. False: there was none.
bool end_paging();

}  // namespace saring::tool
