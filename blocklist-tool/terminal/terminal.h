// What standard output is, and colours where they are welcome. A program that reads what is
// printed never meets one.
#pragma once

#include <string>

namespace saring::tool {

// Standard output, as it was when the program began: a pager between does not change it.
bool is_terminal();
unsigned terminal_width();  // columns; 80 where it is not known

enum class Tone { good, warning, bad, faint };

// In colour on a terminal that has them, unless NO_COLOR is set and not empty (no-color.org) or
// TERM says dumb; else `text` as it is.
std::string toned(const std::string& text, Tone tone);

}  // namespace saring::tool
