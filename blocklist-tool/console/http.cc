#include "console/http.h"

namespace saring::tool::console {

std::string url_encoded(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (char c : text) {
        auto byte = static_cast<unsigned char>(c);
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) out += c;
        else out.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
    return out;
}

std::string url_of(const std::string& path, const Parameters& parameters) {
    std::string out = path;
    char separator = '?';
    for (const auto& [name, value] : parameters) {
        if (value.empty()) continue;
        out.append(1, separator).append(url_encoded(name)).append("=").append(url_encoded(value));
        separator = '&';
    }
    return out;
}

}  // namespace saring::tool::console
