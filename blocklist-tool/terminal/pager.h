// Long output on a terminal goes through a pager, as in git: $PAGER, or else less, which exits at once if the output
// fits on one screen. Output to a pipe or a file does not.
#pragma once

namespace saring::tool {

// From now on standard output goes to the pager. Does nothing if standard output is not a terminal, PAGER is empty or
// cat, or less is not installed.
void begin_paging();

// Closes the pager's input and waits until the user leaves it. False: there was no pager.
bool end_paging();

}  // namespace saring::tool
