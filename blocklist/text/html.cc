#include "text/html.h"

#include "text/printable.h"

namespace saring {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

// Control characters except those of multi-line text.
bool acts_on_page(std::uint32_t code) { return is_unprintable(code) && code != '\t' && code != '\n'; }

bool is_plausible_link(std::string_view uri, std::string_view remaining) {
    for (std::string_view left = uri; !left.empty();) {
        auto c = first_character(left);
        if (!c.valid || c.code <= 0x20 || is_unprintable(c.code)) return false;
        if (c.code < 0x80 && std::string_view("\"<>\\^`{|}").find(static_cast<char>(c.code)) != std::string_view::npos)
            return false;
        left.remove_prefix(c.size);
    }
    return !remaining.empty();
}

}  // namespace

std::string html_escape(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    while (!text.empty()) {
        auto c = first_character(text);
        auto bytes = text.substr(0, c.size);
        text.remove_prefix(bytes.size());
        if (!c.valid || acts_on_page(c.code)) out += replacement;
        else if (c.code == '&') out += "&amp;";
        else if (c.code == '<') out += "&lt;";
        else if (c.code == '>') out += "&gt;";
        else if (c.code == '"') out += "&quot;";
        else if (c.code == '\'') out += "&#39;";
        else out += bytes;
    }
    return out;
}

std::optional<std::string> safe_link(std::string_view uri) {
    auto after = [&](std::string_view scheme) -> std::optional<std::string_view> {
        if (uri.substr(0, scheme.size()) != scheme) return std::nullopt;
        return uri.substr(scheme.size());
    };
    for (std::string_view scheme : {"https://", "http://"}) {
        auto remaining = after(scheme);
        if (!remaining) continue;
        auto authority = remaining->substr(0, remaining->find_first_of("/?#"));
        if (authority.find('@') != std::string_view::npos || !is_plausible_link(uri, authority)) return std::nullopt;
        return std::string(uri);
    }
    if (auto remaining = after("mailto:");
        remaining && remaining->find('@') != std::string_view::npos && is_plausible_link(uri, *remaining))
        return std::string(uri);
    if (auto remaining = after("tel:"); remaining &&
                                        remaining->find_first_not_of("0123456789+-.()*#") == std::string_view::npos &&
                                        is_plausible_link(uri, *remaining))
        return std::string(uri);
    return std::nullopt;
}

}  // namespace saring
