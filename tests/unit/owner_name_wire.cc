// Wire format, as from Unbound. Everything except exactly one name is refused.
#include "support.h"

namespace saring::test::owner_name_wire_test {
namespace {

// The octets are in a heap block of their exact size, so that AddressSanitizer detects a read past the end.
bool accepts(ByteView wire) {
    std::vector<std::uint8_t> exact(wire.begin(), wire.end());
    OwnerName out;
    return OwnerName::from_wire(exact.data(), exact.size(), out);
}

}  // namespace

TEST_CASE("A wire name is read and folded to lower case") {
    CHECK(from_wire(octets("\4HoAx\7EXAMPLE\0")) == name("hoax.example"));
    CHECK(from_wire(octets("\0")).is_root());
}

TEST_CASE("A wire name without its root label is refused") {
    CHECK_FALSE(accepts(""));
    CHECK_FALSE(accepts(octets("\4hoax")));
    CHECK_FALSE(accepts(octets("\4hoax\7example")));
}

TEST_CASE("A wire name truncated at any octet is refused") {
    Bytes whole = octets("\4hoax\7example\0");
    for (std::size_t n = 0; n < whole.size(); ++n) {
        INFO(n);
        CHECK_FALSE(accepts(ByteView(whole).substr(0, n)));
    }
    CHECK(accepts(whole));
}

TEST_CASE("Octets after a wire name are refused") {
    CHECK_FALSE(accepts(octets("\4hoax\0\0")));
    CHECK_FALSE(accepts(octets("\0\0")));
    CHECK_FALSE(accepts(octets("\0\4hoax\0")));
}

TEST_CASE("A wire label longer than 63 octets is refused whatever its two top bits say") {
    for (int length = 64; length < 256; ++length) {
        INFO(length);
        CHECK_FALSE(accepts(Bytes(1, static_cast<char>(length)) + Bytes(static_cast<std::size_t>(length), 'a') +
                            Bytes(1, '\0')));
    }
}

TEST_CASE("A compression pointer is refused") {
    CHECK_FALSE(accepts(octets("\300\0")));
    CHECK_FALSE(accepts(octets("\4hoax\300\0")));
}

TEST_CASE("A wire name of 255 octets is accepted and one of 256 is refused") {
    auto made_of = [](std::size_t last) {
        Bytes wire;
        for (int i = 0; i < 3; ++i) wire += '\77' + Bytes(63, 'a');
        return wire + static_cast<char>(last) + Bytes(last, 'a') + '\0';
    };
    CHECK(made_of(61).size() == 255);
    CHECK(accepts(made_of(61)));
    CHECK_FALSE(accepts(made_of(62)));
}

TEST_CASE("Random octets are refused or are one well-formed wire name") {
    Random random(1);
    for (int round = 0; round < 20000; ++round) {
        Bytes wire(random.between(1, 12), '\0');
        for (char& c : wire) c = static_cast<char>(random.one_in(2) ? random.below(5) : random.octet());
        std::size_t at = 0;
        while (at < wire.size() && wire[at] != 0 && static_cast<std::uint8_t>(wire[at]) < 64)
            at += static_cast<std::size_t>(wire[at]) + 1;
        bool well_formed = at + 1 == wire.size() && wire[at] == 0;
        if (accepts(wire) != well_formed) FAIL("at round " << round);
    }
}

}  // namespace saring::test::owner_name_wire_test
