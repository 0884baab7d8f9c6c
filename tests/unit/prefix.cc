// Address triggers.
#include "net/prefix.h"

#include "ledger/records.h"
#include "support.h"

namespace saring::test::prefix_test {
namespace {

Prefix prefix(std::string_view text) { return Prefix::parse(text); }

}  // namespace

TEST_CASE("An address without a length is a prefix of full length") {
    CHECK(prefix("203.0.113.7") == prefix("203.0.113.7/32"));
    CHECK(prefix("2001:db8::7") == prefix("2001:db8::7/128"));
    CHECK(prefix("203.0.113.7").family == 4);
    CHECK(prefix("2001:db8::7").family == 6);
}

TEST_CASE("A prefix prints as it is written") {
    for (const char* text :
         {"0.0.0.0/0", "203.0.113.0/28", "203.0.113.7", "::/0", "2001:db8::/32", "2001:db8::1", "2001:db8::/127"}) {
        INFO(text);
        CHECK(prefix(text).to_string() == text);
        CHECK(prefix(prefix(text).to_string()) == prefix(text));
    }
}

TEST_CASE("Bits set beyond the prefix length are refused") {
    for (const char* text :
         {"203.0.113.1/24", "203.0.113.128/24", "128.0.0.0/0", "2001:db8::1/64", "8000::/0", "203.0.113.17/28"}) {
        INFO(text);
        require_error(ErrorKind::usage, [&] { prefix(text); }, {text, "behind the prefix length"});
    }
}

TEST_CASE("A prefix length out of range is refused") {
    for (const char* text : {"203.0.113.0/33", "::/129", "0.0.0.0/-1", "0.0.0.0/", "0.0.0.0/x", "0.0.0.0/8x",
                             "0.0.0.0/ 8", "0.0.0.0/4294967296", "0.0.0.0/8/8"}) {
        INFO(text);
        require_error(ErrorKind::usage, [&] { prefix(text); }, {text, "prefix length"});
    }
}

TEST_CASE("A text that is not an address is refused") {
    for (const char* text :
         {"", "/8", "203.0.113", "203.0.113.256", "203.0.113.7.1", "0x7f.1", "010.0.0.1", "hoax.example", "2001:db8",
          "::g", "1::2::3", "fe80::1%eth0", " 203.0.113.7", "203.0.113.7 "}) {
        INFO(text);
        require_error(ErrorKind::usage, [&] { prefix(text); }, {"not an IP address"});
    }
}

TEST_CASE("An address with a zero byte is refused, not truncated") {
    require_error(ErrorKind::usage, [] { prefix(octets("203.0.113.7\0x")); });
}

TEST_CASE("An IPv4-mapped address is taken as IPv4") {
    CHECK(prefix("::ffff:203.0.113.7") == prefix("203.0.113.7"));
    CHECK(prefix("::ffff:203.0.113.0/124") == prefix("203.0.113.0/28"));
    CHECK(prefix("::ffff:0.0.0.0/96") == prefix("0.0.0.0/0"));
}

TEST_CASE("A prefix that contains IPv4-mapped and other addresses is refused") {
    require_error(ErrorKind::usage, [] { prefix("::ffff:0:0/95"); }, {"mixes"});
    require_error(ErrorKind::usage, [] { prefix("::ffff:203.0.113.0/64"); }, {"mixes"});
}

TEST_CASE("An answer's mapped IPv6 address is looked up as IPv4") {
    std::uint8_t mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 7};
    CHECK(Prefix::of_address(6, mapped) == prefix("203.0.113.7"));
    CHECK(Prefix::of_address(4, mapped + 12) == prefix("203.0.113.7"));
    mapped[0] = 0x20;
    CHECK(Prefix::of_address(6, mapped).family == 6);
}

TEST_CASE("A prefix contains itself and more specific prefixes only") {
    CHECK(prefix("203.0.113.0/28").contains(prefix("203.0.113.0/28")));
    CHECK(prefix("203.0.113.0/28").contains(prefix("203.0.113.15")));
    CHECK_FALSE(prefix("203.0.113.0/28").contains(prefix("203.0.113.16")));
    CHECK_FALSE(prefix("203.0.113.0/28").contains(prefix("203.0.113.0/27")));
    CHECK_FALSE(prefix("203.0.113.7").contains(prefix("203.0.113.6")));
    CHECK(prefix("2001:db8::/33").contains(prefix("2001:db8:7fff::1")));
    CHECK_FALSE(prefix("2001:db8::/33").contains(prefix("2001:db8:8000::1")));
}

TEST_CASE("The prefix of length zero contains every address of its family only") {
    CHECK(prefix("0.0.0.0/0").contains(prefix("255.255.255.255")));
    CHECK(prefix("::/0").contains(prefix("ffff::")));
    CHECK_FALSE(prefix("0.0.0.0/0").contains(prefix("::")));
    CHECK_FALSE(prefix("::/0").contains(prefix("0.0.0.0")));
}

TEST_CASE("Containment agrees with a comparison bit by bit") {
    Random random(20);
    auto bits = [](const Prefix& p) {
        std::string out;
        for (std::size_t i = 0; i < p.length; ++i) out += p.address[i / 8] >> (7 - i % 8) & 1 ? '1' : '0';
        return out;
    };
    std::vector<Prefix> all;
    for (int i = 0; i < 300; ++i) {
        Prefix p;
        p.family = random.one_in(2) ? 4 : 6;
        p.length = static_cast<std::uint8_t>(random.between(0, p.family == 4 ? 32 : 128));
        // Few distinct bits, so that containment is common.
        for (std::size_t b = 0; b < p.length; ++b)
            if (random.one_in(20)) p.address[b / 8] |= static_cast<std::uint8_t>(0x80 >> b % 8);
        CHECK(Prefix::parse(p.to_string()) == p);
        CHECK(prefix_of_key(prefix_key(p)) == p);
        all.push_back(p);
    }
    for (const auto& a : all)
        for (const auto& b : all)
            if (a.contains(b) != (a.family == b.family && bits(b).substr(0, a.length) == bits(a)))
                FAIL(a.to_string() << " " << b.to_string());
}

}  // namespace saring::test::prefix_test
