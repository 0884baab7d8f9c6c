// The lines of a list, read by the rules of its format. Bad lines are told and left out.
#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "list/list_content.h"
#include "listfile/list_lines.h"

namespace saring::listfile {

struct ParsedList {
    list::ListContent list;
    list::NameSet open_but_covered;  // names that the list keeps open below names that it blocks: they are blocked
    std::string unfinished;          // the last line, where it has no line end
};

// Of any format but rpz. `match`: how far a line reaches that names a site. Reads to the end with bounded memory
// besides the names; progress counts bytes. Throws Error(usage) when the text cannot be read to its end.
ParsedList parse_list(std::istream& in, list::ListFormat format, policy::Match match, Progress& progress);

// How well each format fits the whole text, the best first.
struct FormatGuess {
    list::ListFormat format;
    list::FormatFit fit;
    std::uint64_t marks = 0;  // lines that only this format has
};
std::vector<FormatGuess> guess_formats(std::istream& in);

}  // namespace saring::listfile
