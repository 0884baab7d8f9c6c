// Safety rules for addresses and prefixes.
#include "safety/special_addresses.h"
#include "safety_support.h"

namespace saring::test::safety_addresses_test {
namespace {

std::string address_rule(const safety::Rules& rules, const std::string& text) {
    auto f = rules.check(Prefix::parse(text));
    return f ? f->rule : "";
}

}  // namespace

TEST_CASE("Special-purpose prefixes are special at their edges and not beyond") {
    struct Edge {
        const char *inside_first, *inside_last, *before, *after;
    };
    for (const auto& e :
         {Edge{"10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"},
          Edge{"172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"},
          Edge{"192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"},
          Edge{"100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"},
          Edge{"198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"},
          Edge{"224.0.0.0", "255.255.255.255", "223.255.255.255", "192.0.1.0"},
          Edge{"fc00::", "fdff:ffff::1", "fbff::1", "fe00::1"}, Edge{"fe80::", "febf::1", "fe7f::1", "fec0::1"},
          Edge{"2002::", "2002:ffff::1", "2001:ffff::1", "2003::1"},
          Edge{"2001::", "2001:1ff::1", "2000:ffff::1", "2001:200::1"}}) {
        CHECK(safety::special_use(Prefix::parse(e.inside_first)));
        CHECK(safety::special_use(Prefix::parse(e.inside_last)));
        CHECK_FALSE(safety::special_use(Prefix::parse(e.before)));
        CHECK_FALSE(safety::special_use(Prefix::parse(e.after)));
    }
}

TEST_CASE("A prefix that contains special addresses is special") {
    for (const char* p : {"0.0.0.0/0", "8.0.0.0/5", "192.0.0.0/8", "::/0", "2001::/16"})
        CHECK(safety::special_use(Prefix::parse(p)));
}

TEST_CASE("Documentation prefixes may be blocked, for rehearsals") {
    for (const char* p : {"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"})
        CHECK_FALSE(safety::special_use(Prefix::parse(p)));
}

TEST_CASE("An IPv4-mapped special address is special") { CHECK(safety::special_use(Prefix::parse("::ffff:10.0.0.1"))); }

TEST_CASE("Prefixes that contain or are in a protected prefix are held") {
    RuleFiles files("198.51.100.0/28 # servers\n");
    files.config.answer.redirect_a = {Prefix::parse("192.0.2.80")};
    files.config.answer.redirect_aaaa = {Prefix::parse("2001:db8::80")};
    auto rules = files.rules();
    for (const char* p :
         {"192.0.2.80", "192.0.2.0/24", "198.51.100.1", "198.51.100.0/24", "2001:db8::80", "2001:db8::/64"})
        CHECK(address_rule(rules, p) == "never-block-address");
    for (const char* p : {"192.0.2.81", "198.51.100.16", "2001:db8::81"}) CHECK(address_rule(rules, p).empty());
}

TEST_CASE("Each family has its own limit for wide prefixes") {
    RuleFiles files;
    files.config.safety.shortest_ipv4 = 28;
    files.config.safety.shortest_ipv6 = 64;
    auto rules = files.rules();
    CHECK(address_rule(rules, "203.0.113.0/27") == "wide-prefix");
    CHECK(address_rule(rules, "203.0.113.0/28").empty());
    CHECK(address_rule(rules, "2001:db8:1::/63") == "wide-prefix");
    CHECK(address_rule(rules, "2001:db8:1::/64").empty());
}

TEST_CASE("Without an ASN database every address is held, unless shared_asns is empty") {
    RuleFiles files;
    CHECK(address_rule(files.rules(), "203.0.113.1").empty());
    files.config.safety.shared_asns = {64500};
    auto rules = files.rules();
    CHECK(address_rule(rules, "203.0.113.1") == "unknown-network");
    CHECK(address_rule(rules, "2001:db8::/48") == "unknown-network");
    CHECK(address_rule(rules, "10.0.0.1") == "special-address");
}

TEST_CASE("A file that is not an ASN database is refused") {
    RuleFiles files;
    files.config.safety.asn_mmdb = files.dir / "never.txt";
    require_error(ErrorKind::usage, [&] { files.rules(); }, {"never.txt", "safety.asn_mmdb"});
}

}  // namespace saring::test::safety_addresses_test
