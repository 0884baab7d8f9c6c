#include "config/toml_non_ascii.h"

#include <algorithm>

namespace saring::config {
namespace {

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// The position behind the string that begins at `at`; of a single-line string, or of one in triple quotes. Or that of a
// byte beyond ASCII in it that toml++ must not see.
std::size_t behind_string(ByteView text, std::size_t at) {
    char quote = text[at];
    bool many = text.substr(at, 3) == Bytes(3, quote);
    ByteView end = text.substr(at, many ? 3 : 1);
    for (at += end.size(); at < text.size(); ++at) {
        if (text.substr(at, end.size()) == end) {
            at += end.size();
            // Up to two quotes before the closing three belong to the text.
            for (int more = 0; many && more < 2 && at < text.size() && text[at] == quote; ++more) ++at;
            return at;
        }
        if (!many && text[at] == '\n') return at;
        if (quote != '"' || text[at] != '\\') continue;
        // toml++ compares what follows a backslash, and the blanks after it, with all blanks there are.
        std::size_t next = many ? text.find_first_not_of(" \t\r\n", at + 1) : at + 1;
        if (next >= text.size()) return text.size();
        if (!is_ascii(text[next])) return next;
        at = std::max(at + 1, next - 1);
    }
    return text.size();
}

}  // namespace

std::optional<TextPosition> non_ascii_in_toml(ByteView text) {
    constexpr ByteView byte_order_mark = "\xef\xbb\xbf";
    std::size_t at = text.substr(0, byte_order_mark.size()) == byte_order_mark ? byte_order_mark.size() : 0;
    char before = '\n';  // the last character that is not blank
    bool in_value = false;
    for (char c = 0; at < text.size() && is_ascii(c = text[at]); before = c == ' ' || c == '\t' ? before : c) {
        if (c == '#') {
            at = std::min(text.find('\n', at), text.size());
        } else if (c == '"' || c == '\'') {
            // No string begins elsewhere: toml++ takes the quote for a part of a number, say, and reads on.
            if (before == '.' ? in_value : ByteView("\n=,[{").find(before) == ByteView::npos) break;
            at = std::min(behind_string(text, at), text.size());
        } else {
            in_value = c == '=' || (in_value && c != '\n');
            ++at;
        }
    }
    while (at < text.size() && is_ascii(text[at])) ++at;
    if (at == text.size()) return std::nullopt;
    auto above = text.substr(0, at);
    auto line_begin = above.rfind('\n') + 1;  // npos + 1 is 0
    return TextPosition{static_cast<std::size_t>(std::count(above.begin(), above.end(), '\n')) + 1,
                        at - line_begin + 1};
}

}  // namespace saring::config
