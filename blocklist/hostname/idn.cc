#include "hostname/idn.h"

#include <idn2.h>

#include <cstdint>
#include <memory>

namespace saring::hostname {

bool to_ascii_name(std::string_view text, std::string& out) {
    std::string input(text);
    char* ascii = nullptr;
    int rc = input.find('\0') != std::string::npos
                 ? IDN2_DISALLOWED
                 : idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(input.c_str()),
                                  reinterpret_cast<std::uint8_t**>(&ascii), IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    std::unique_ptr<char, void (*)(void*)> owned(ascii, idn2_free);
    out = rc == IDN2_OK ? owned.get() : idn2_strerror(rc);
    return rc == IDN2_OK;
}

std::string readable_name(const OwnerName& name) {
    std::string text = name.to_string();
    if (text.find("xn--") == std::string::npos) return {};
    char* unicode = nullptr;
    int rc = idn2_to_unicode_8z8z(text.c_str(), &unicode, 0);
    std::unique_ptr<char, void (*)(void*)> owned(unicode, idn2_free);
    return rc == IDN2_OK && text != owned.get() ? owned.get() : std::string();
}

}  // namespace saring::hostname
