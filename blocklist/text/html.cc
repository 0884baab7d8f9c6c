#include "text/html.h"

#include <cstdint>

namespace saring {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

struct Character {
    std::uint32_t code = 0;
    std::size_t size = 0;  // octets; 0: not UTF-8
};

Character decode(std::string_view text) {
    auto first = static_cast<unsigned char>(text[0]);
    if (first < 0x80) return {first, 1};
    std::size_t size = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 0;
    if (size == 0 || text.size() < size) return {};
    std::uint32_t code = first & (0x7fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xc0) != 0x80) return {};
        code = code << 6 | (next & 0x3f);
    }
    bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return overlong || surrogate || code > 0x10ffff ? Character{} : Character{code, size};
}

bool is_control(std::uint32_t c) { return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0); }

bool turns_direction(std::uint32_t c) {
    return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool is_plausible_link(std::string_view uri, std::string_view rest) {
    for (std::string_view left = uri; !left.empty();) {
        auto c = decode(left);
        if (c.size == 0 || c.code <= 0x20 || is_control(c.code) || turns_direction(c.code)) return false;
        if (c.code < 0x80 && std::string_view("\"<>\\^`{|}").find(static_cast<char>(c.code)) != std::string_view::npos) return false;
        left.remove_prefix(c.size);
    }
    return !rest.empty();
}

}  // namespace

std::string html_escape(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    while (!text.empty()) {
        auto c = decode(text);
        auto octets = text.substr(0, c.size == 0 ? 1 : c.size);
        text.remove_prefix(octets.size());
        if (c.size == 0 || is_control(c.code) || turns_direction(c.code)) out += replacement;
        else if (c.code == '&') out += "&amp;";
        else if (c.code == '<') out += "&lt;";
        else if (c.code == '>') out += "&gt;";
        else if (c.code == '"') out += "&quot;";
        else if (c.code == '\'') out += "&#39;";
        else out += octets;
    }
    return out;
}

std::optional<std::string> safe_link(std::string_view uri) {
    auto after = [&](std::string_view scheme) -> std::optional<std::string_view> {
        if (uri.substr(0, scheme.size()) != scheme) return std::nullopt;
        return uri.substr(scheme.size());
    };
    for (std::string_view scheme : {"https://", "http://"}) {
        auto rest = after(scheme);
        if (!rest) continue;
        auto authority = rest->substr(0, rest->find_first_of("/?#"));
        if (authority.find('@') != std::string_view::npos || !is_plausible_link(uri, authority)) return std::nullopt;
        return std::string(uri);
    }
    if (auto rest = after("mailto:"); rest && rest->find('@') != std::string_view::npos && is_plausible_link(uri, *rest)) return std::string(uri);
    if (auto rest = after("tel:"); rest && rest->find_first_not_of("0123456789+-.()*#") == std::string_view::npos && is_plausible_link(uri, *rest))
        return std::string(uri);
    return std::nullopt;
}

}  // namespace saring
