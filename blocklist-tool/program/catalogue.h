// Reads translations from a catalogue in GNU's .mo format, as written by msgfmt.
//
// gettext() is not used: it finds no catalogue unless a locale of the language is generated on the machine, which is
// rare on servers. Up to glibc 2.36 (Debian 12) C.UTF-8 sufficed; since then it counts as C.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace saring::tool {

class Catalogue {
public:
    // False if the file does not exist or is not a catalogue; find() then finds nothing.
    bool open(const std::string& file);
    // Null if there is no translation. `many` is null for a message without a plural. Valid as long as the catalogue.
    const char* find(const char* one, const char* many, std::uint64_t n) const;

private:
    std::uint32_t number(std::size_t offset) const;
    // A string of the table that begins at offset `table`; empty if it is beyond the end of the file.
    std::string_view text(std::size_t table, std::size_t index) const;

    std::string content_;
    std::size_t count_ = 0, originals_ = 0, translations_ = 0;
};

}  // namespace saring::tool
