// Translations from a catalogue as msgfmt writes it (GNU's .mo format).
//
// Read here, not by gettext(): that finds none unless a locale of the language is generated on the machine, which on
// servers it seldom is. Up to glibc 2.36 (Debian 12) C.UTF-8 served as well; since then it counts as C.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace saring::tool {

class Catalogue {
public:
    // False, and nothing is found afterwards, when the file is not there or is no catalogue.
    bool open(const std::string& file);
    // Null when there is none. `many` is null for a message without a plural. Valid as long as the catalogue.
    const char* find(const char* one, const char* many, std::uint64_t n) const;

private:
    std::uint32_t number(std::size_t offset) const;
    // Of the table that begins there; empty when it leads out of the file.
    std::string_view text(std::size_t table, std::size_t index) const;

    std::string content_;
    std::size_t count_ = 0, originals_ = 0, translations_ = 0;
};

}  // namespace saring::tool
