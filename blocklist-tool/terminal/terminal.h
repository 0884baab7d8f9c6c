// Properties of standard output, and colours. Output to a pipe or a file has none.
#pragma once

#include <string>

namespace saring::tool {

// Whether standard output was a terminal when the program began; a pager does not change this.
bool is_terminal();
unsigned terminal_width();  // columns; 80 if unknown

enum class Tone { good, warning, bad, faint };

// The text in colour on a terminal, unless NO_COLOR is set and not empty (no-color.org) or TERM is dumb; otherwise the
// text itself.
std::string toned(const std::string& text, Tone tone);

}  // namespace saring::tool
