#include "safety/never_block.h"

#include <sstream>

#include "name/host_name.h"

namespace saring {
namespace {

std::string trimmed(const std::string& text) {
    auto begin = text.find_first_not_of(" \t\r");
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

bool is_prefix(const std::string& entry) {
    bool digits = entry.find_first_of("0123456789") != std::string::npos && entry.find_first_not_of("0123456789./") == std::string::npos;
    return digits || entry.find(':') != std::string::npos;
}

}  // namespace

void NeverBlock::read(ByteView text, const std::string& source) {
    std::istringstream lines{Bytes(text)};
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (number == 1 && line.rfind("\xef\xbb\xbf", 0) == 0) line.erase(0, 3);
        auto hash = line.find('#');
        std::string entry = trimmed(line.substr(0, hash));
        std::string what = hash == std::string::npos ? "" : trimmed(line.substr(hash + 1));
        if (entry.empty()) continue;
        try {
            if (is_prefix(entry)) {
                prefixes.push_back({Prefix::parse(entry), what});
                continue;
            }
            bool and_below = entry[0] == '.' && entry.size() > 1;
            auto name = parse_name_input(and_below ? entry.substr(1) : entry);
            if (name.is_root()) throw Error(ErrorKind::usage, "", msg("is the root, which no order can name"), msg("leave it out"));
            names.add(name, and_below, what);
        } catch (const Error& e) {
            throw Error(ErrorKind::usage, source + ":" + std::to_string(number), e.why(), e.remedy());
        }
    }
}

}  // namespace saring
