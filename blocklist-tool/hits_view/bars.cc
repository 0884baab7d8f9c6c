#include "hits_view/bars.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace saring::tool {
namespace {

// As setlocale would choose it; the program itself stays in the C locale.
bool has_utf8() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);
        if (!value || !*value) continue;
        std::string_view v = value;
        return v.find("UTF-8") != v.npos || v.find("utf8") != v.npos || v.find("UTF8") != v.npos;
    }
    return false;
}

}  // namespace

std::string bar(std::uint64_t count, std::uint64_t most, unsigned width) {
    static constexpr const char* eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    if (count == 0 || most == 0) return {};
    double columns = static_cast<double>(count) / static_cast<double>(most) * width;
    std::string out;
    if (!has_utf8()) return std::string(std::max(1u, static_cast<unsigned>(columns + 0.5)), '#');
    auto parts = std::max(1u, static_cast<unsigned>(columns * 8 + 0.5));
    for (unsigned i = 0; i < parts / 8; ++i) out += "█";
    return out + eighths[parts % 8];
}

std::string sparkline(const std::vector<std::uint64_t>& counts) {
    static constexpr const char* blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static constexpr const char* plain[] = {".", ":", "-", "=", "+", "*", "#", "@"};
    auto most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
    auto heights = has_utf8() ? blocks : plain;
    std::string out;
    for (auto n : counts)
        out += n == 0 ? " "
                      : heights[std::min<std::uint64_t>(
                            7, static_cast<std::uint64_t>(static_cast<double>(n) / static_cast<double>(most) * 8))];
    return out;
}

}  // namespace saring::tool
