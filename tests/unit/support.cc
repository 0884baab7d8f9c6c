#include "support.h"

#include <stdlib.h>

#include <filesystem>

namespace saring::test {

OwnerName name(std::string_view text) { return OwnerName::parse(text); }

Bytes key_of(std::string_view text) { return Bytes(LookupKey(name(text)).view()); }

UnixTime at(const std::string& rfc3339) { return parse_rfc3339(rfc3339, "test"); }

TempDir::TempDir() {
    path_ = (std::filesystem::temp_directory_path() / "saring-unit-XXXXXX").string();
    if (!::mkdtemp(path_.data())) throw std::runtime_error("cannot make a temporary directory");
}

TempDir::~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Bytes random_wire(Random& random, bool any_octet) {
    static constexpr char usual[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    Bytes wire;
    // Mostly short names; sometimes one of the full 255 octets.
    std::size_t limit = random.one_in(10) ? OwnerName::max_wire : random.between(1, 40);
    while (wire.size() + 3 <= limit) {
        std::size_t room = std::min(OwnerName::max_label, limit - wire.size() - 2);
        std::size_t length = random.between(1, random.one_in(8) ? room : std::min<std::size_t>(room, 5));
        wire.push_back(static_cast<char>(length));
        for (std::size_t i = 0; i < length; ++i)
            wire.push_back(any_octet ? static_cast<char>(random.one_in(4) ? random.below(3) : random.octet())
                                     : usual[random.below(sizeof usual - 1)]);
    }
    wire.push_back(0);
    return wire;
}

OwnerName from_wire(ByteView wire) {
    OwnerName out;
    REQUIRE(OwnerName::from_wire(reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size(), out));
    return out;
}

}  // namespace saring::test
