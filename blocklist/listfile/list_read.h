// A list of any format: the one way in for files, the web and, but for their records, zone transfers.
#pragma once

#include <optional>

#include "listfile/list_parse.h"
#include "listfile/list_text.h"
#include "rpz/zone_file.h"

namespace saring::listfile {

struct ListOptions {
    std::string format = "auto";  // or one that parse_list_format() knows
    policy::Match match =
        policy::Match::subtree;  // how far a line reaches that names a site; a policy zone says it itself
    rpz::RpzFileOptions rpz = {};
    // Somebody vouched for the whole of it. Else the last line is left out where the text ends within what may be
    // another target (listfile/cut_line.h).
    bool whole = false;
};

struct ReadList : rpz::RpzContent {
    bool guessed = false;               // the format was looked for
    std::optional<FormatGuess> second;  // of the formats that were looked for
};

// As RpzContent: a list of another format has no serial; its exceptions are its passed names. Throws Error(usage) that
// names the source when it cannot be read at all; whether the lines make sense, require_list() says.
ReadList read_list(ListText& text, const ListOptions& options, Progress& progress);

// Throws Error(usage), with a tally of the reasons: most lines fit the format badly, or nothing in it can be imported.
// Says what it seems to be instead.
void require_list(const ReadList& content, ListText& text);

// "format adblock, which 99.2 % of 1204 lines fit; hosts: 0.3 %"
Message describe_format(const ReadList& content);

// The most frequent reasons with their numbers: "9 x is a page, 3 x has a blank".
Message tally(const std::map<std::string, list::ReasonCount, std::less<>>& reasons, std::size_t most);

}  // namespace saring::listfile
