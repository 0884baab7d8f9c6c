#include "text/printable.h"

#include <unictype.h>
#include <unistr.h>
#include <uniwidth.h>

namespace saring {

Character first_character(std::string_view text) {
    ucs4_t code = 0;
    int size = u8_mbtoucr(&code, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    if (size > 0) return {code, static_cast<std::size_t>(size), true};
    return {0xfffd, 1, false};
}

bool is_unprintable(std::uint32_t code) {
    if (code < 0x80) return code < 0x20 || code == 0x7f;
    return uc_is_property(code, UC_PROPERTY_BIDI_CONTROL) ||
           uc_is_general_category_withtable(code, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp);
}

std::string shown(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto c = first_character(text);
        if (!c.valid) out += "\xef\xbf\xbd";
        else if (is_unprintable(c.code)) out += '?';
        else out += text.substr(0, c.size);
        text.remove_prefix(c.size);
    }
    return out;
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        if (text.size() > 1 && text[0] == '\033' && text[1] == '[') {
            auto end = text.find('m');
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
            continue;
        }
        auto c = first_character(text);
        if (int columns = uc_width(c.code, "UTF-8"); columns > 0) width += static_cast<std::size_t>(columns);
        text.remove_prefix(c.size);
    }
    return width;
}

}  // namespace saring
