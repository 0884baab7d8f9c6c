// Parses the lines of a list by the rules of its format. Bad lines are reported and left out.
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
    list::NameSet open_but_covered;  // names that the list allows below names that it blocks: they are blocked
    std::string unfinished;          // the last line, if it has no line end
};

// For any format except rpz. `match`: the scope of a line that names a site. Reads to the end; memory is bounded except
// for the names. Progress counts bytes. Throws Error(usage) when the text cannot be read to its end.
ParsedList parse_list(std::istream& in, list::ListFormat format, policy::Match match, Progress& progress);

// How well each format fits the whole text, best first.
struct FormatGuess {
    list::ListFormat format;
    list::FormatFit fit;
    std::uint64_t marks = 0;  // lines that are specific to this format
};
std::vector<FormatGuess> guess_formats(std::istream& in);

}  // namespace saring::listfile
