// Legacy lists: a hosts file, or plain domain names, one a line. Bad lines are
// reported and left out; the rest is imported, each name with the names below it.
#pragma once

#include <istream>
#include <string>
#include <vector>

#include "store/name_set.h"

namespace saring {

enum class ListFormat {
    hosts,    // address, then names; "#" begins a comment
    domains,  // one name a line; "#" begins a comment
};

struct BadLine {
    std::uint64_t line;
    std::string text;
    std::string reason;
};

struct ListContent {
    NameSet names;  // sorted, unique lookup keys
    std::uint64_t lines = 0;
    std::uint64_t bad_count = 0;
    std::vector<BadLine> bad;  // the first max_bad_kept of them
};

constexpr std::size_t max_bad_kept = 1000;
constexpr std::size_t max_line = 4096;  // octets; a longer line is bad

// Reads to the end with bounded memory besides the names.
ListContent parse_list(std::istream& in, ListFormat format);

// Throws Error(usage) naming the formats.
ListFormat parse_list_format(const std::string& text);

}  // namespace saring
