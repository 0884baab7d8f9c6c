// Reads the list given to a command, and reports its format and the lines that are left out on standard error.
#pragma once

#include <string>
#include <vector>

#include "listfile/list_read.h"
#include "output/output.h"

namespace saring::tool {

struct ListInput {
    std::string file;  // - is standard input
    std::string format = "auto", match = "subtree", origin = "rpz.", sha256;
    std::vector<std::string> landings;
    bool quiet = false;  // no progress
};

// Throws Error(usage) if it is not a list, Error(trust) if its SHA-256 differs from the given one.
listfile::ReadList read_and_report(const ListInput& input);

// For JSON output: the lines that were left out, and the number of lines for each reason.
Json lines_json(const std::vector<list::BadLine>& lines);
Json reasons_json(const std::map<std::string, list::ReasonCount, std::less<>>& reasons);

}  // namespace saring::tool
