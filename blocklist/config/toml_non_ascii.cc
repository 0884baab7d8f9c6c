#include "config/toml_non_ascii.h"

#include <algorithm>

namespace saring::config {
namespace {

// The position behind the string that begins at `at`; of a single-line string, or of one in triple quotes.
std::size_t behind_string(ByteView text, std::size_t at) {
    char quote = text[at];
    bool many = text.substr(at, 3) == Bytes(3, quote);
    ByteView end = text.substr(at, many ? 3 : 1);
    for (at += end.size(); at < text.size(); ++at) {
        if (text.substr(at, end.size()) == end) return at + end.size();
        if (!many && text[at] == '\n') return at;
        if (quote == '"' && text[at] == '\\') ++at;
    }
    return text.size();
}

}  // namespace

std::optional<TextPosition> non_ascii_in_toml(ByteView text) {
    constexpr ByteView byte_order_mark = "\xef\xbb\xbf";
    std::size_t at = text.substr(0, byte_order_mark.size()) == byte_order_mark ? byte_order_mark.size() : 0;
    while (at < text.size()) {
        char c = text[at];
        if (c == '#') {
            at = std::min(text.find('\n', at), text.size());
        } else if (c == '"' || c == '\'') {
            at = std::min(behind_string(text, at), text.size());
        } else if (static_cast<unsigned char>(c) >= 0x80) {
            auto before = text.substr(0, at);
            auto line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
            return TextPosition{static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1,
                                at - line_begin + 1};
        } else {
            ++at;
        }
    }
    return std::nullopt;
}

}  // namespace saring::config
