#include "name/idn.h"

#include <idn2.h>

#include <algorithm>
#include <memory>
#include <string>

namespace saring {

OwnerName parse_name_input(std::string_view text) {
    if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return OwnerName::parse(text);
    std::string input(text);
    char* ascii = nullptr;
    int rc = input.find('\0') != std::string::npos
                 ? IDN2_DISALLOWED
                 : idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(input.c_str()),
                                  reinterpret_cast<std::uint8_t**>(&ascii), IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    std::unique_ptr<char, void (*)(void*)> owned(ascii, idn2_free);
    if (rc != IDN2_OK)
        throw Error(ErrorKind::usage, msg("owner name"), msg("\"%1\" is no valid international name: %2", input, idn2_strerror(rc)),
                    msg("write it as the registry has it, or in its xn-- form"));
    // UTS 46 maps fullwidth forms to ASCII that no host name has: the name listed would
    // be one that nobody asks for.
    if (std::string_view(owned.get()).find_first_of("/\\*?#:@ ") != std::string_view::npos)
        throw Error(ErrorKind::usage, msg("owner name"), msg("\"%1\" stands for \"%2\", which is no host name", input, owned.get()),
                    msg("write the host name alone"));
    return OwnerName::parse(owned.get());
}

std::string readable_name(const OwnerName& name) {
    std::string text = name.to_string();
    if (text.find("xn--") == std::string::npos) return {};
    char* unicode = nullptr;
    int rc = idn2_to_unicode_8z8z(text.c_str(), &unicode, 0);
    std::unique_ptr<char, void (*)(void*)> owned(unicode, idn2_free);
    return rc == IDN2_OK && text != owned.get() ? owned.get() : std::string();
}

}  // namespace saring
