// Reads the list that a command was given, and says on standard error which format it is in and which lines are left
// out.
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

// Throws Error(usage) for what is no list, Error(trust) for another SHA-256 than the one given.
listfile::ReadList read_and_tell(const ListInput& input);

// For a command's answer: what was left out, one by one and by reason.
Json lines_json(const std::vector<list::BadLine>& lines);
Json reasons_json(const std::map<std::string, list::ReasonCount, std::less<>>& reasons);

}  // namespace saring::tool
