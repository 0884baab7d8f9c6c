// Reads a list of any format. Used for files, downloads and, except for their records, zone transfers.
#pragma once

#include <optional>

#include "listfile/list_parse.h"
#include "listfile/list_text.h"
#include "rpz/zone_file.h"

namespace saring::listfile {

struct ListOptions {
    std::string format = "auto";  // or a name that parse_list_format() accepts
    // Scope of a line that names a site; the records of a policy zone have their own.
    policy::Match match = policy::Match::subtree;
    rpz::RpzFileOptions rpz = {};
    // Whether a hash or signature proves that the list is complete. If not, the last line is left out when it may be
    // cut (listfile/cut_line.h).
    bool whole = false;
};

struct ReadList : rpz::RpzContent {
    bool guessed = false;               // the format was detected
    std::optional<FormatGuess> second;  // the second-best format, if it was detected
};

// As RpzContent: a list in another format has no serial, and its exceptions are its passed names. Throws Error(usage)
// that names the source when it cannot be read; require_list() decides whether the lines make sense.
ReadList read_list(ListText& text, const ListOptions& options, Progress& progress);

// Throws Error(usage) with a tally of the reasons when most lines do not fit the format or nothing can be imported.
// Suggests what the text seems to be.
void require_list(const ReadList& content, ListText& text);

// "format adblock, which 99.2 % of 1204 lines fit; hosts: 0.3 %"
Message describe_format(const ReadList& content);

// The most frequent reasons with their numbers: "9 x is a page, 3 x has a blank".
Message tally(const std::map<std::string, list::ReasonCount, std::less<>>& reasons, std::size_t max_shown);

}  // namespace saring::listfile
