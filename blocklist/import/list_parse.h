// Legacy lists: a hosts file, or plain domain names, one a line. Bad lines are
// reported and left out; the rest is imported, each name with the names below it.
#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "store/targets.h"

namespace saring {

enum class ListFormat {
    hosts,    // address, then names; "#" begins a comment
    domains,  // one name a line; "#" begins a comment
    rpz,      // a response policy zone: rpz/zone_file.h reads it
};

struct BadLine {
    std::uint64_t line;
    std::string text;
    Message reason;
};

constexpr std::size_t max_bad_kept = 1000;

struct ListContent : Targets {
    std::uint64_t lines = 0;
    std::uint64_t bad_count = 0, skipped_count = 0;
    std::vector<BadLine> bad;      // broken ones, the first max_bad_kept
    std::vector<BadLine> skipped;  // understood, but not for a list; likewise

    void refuse(std::uint64_t line, std::string_view text, const Message& reason) { keep(bad, bad_count, line, text, reason); }
    void skip(std::uint64_t line, std::string_view text, const Message& reason) { keep(skipped, skipped_count, line, text, reason); }

private:
    static void keep(std::vector<BadLine>& kept, std::uint64_t& count, std::uint64_t line, std::string_view text, const Message& reason) {
        ++count;
        if (kept.size() < max_bad_kept) kept.push_back({line, std::string(text.substr(0, 200)), reason});
    }
};

constexpr std::size_t max_line = 4096;  // octets; a longer line is bad

// Reads to the end with bounded memory besides the names; progress counts octets.
ListContent parse_list(std::istream& in, ListFormat format, Progress& progress);

// Throws Error(usage) naming the formats.
ListFormat parse_list_format(const std::string& text);
// What stands at the beginning of a file. Throws Error(usage) when it fits no format, as a
// web page does; `source` names the file.
ListFormat guess_list_format(std::string_view beginning, const std::string& source);
// Throws Error(usage) for a web page in place of a list, which is what a server's error
// page or a captive portal sends.
void refuse_web_page(std::string_view beginning, const std::string& source);

}  // namespace saring
