// Answers of a policy zone against a literal implementation of RFC 1034 section 4.3.3.
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "catch.h"
#include "rpz/policy_zone.h"

using namespace saring;

namespace {

rpz::PolicyZone zone_of(const std::string& records) {
    std::istringstream in("@ SOA l. r. 1 1 1 1 1\n" + records);
    NoProgress progress;
    return rpz::read_policy_zone(in, "rpz.", "test", progress).zone;
}

rpz::RpzAction ask(const rpz::PolicyZone& zone, const std::string& name) {
    return zone.ask(OwnerName::parse(name)).action;
}

// Every existing owner, including those without records, as text; literal and slow.
struct Literal {
    std::map<std::string, rpz::RpzAction> own, wild;
    std::set<std::string> exists;

    void add(const std::string& name, bool wildcard, rpz::RpzAction action) {
        (wildcard ? wild : own)[name] = action;
        for (auto n = OwnerName::parse(name); !n.is_root(); n = n.parent()) exists.insert(n.to_string());
    }
    rpz::RpzAction ask(const std::string& name) const {
        if (auto at = own.find(name); at != own.end()) return at->second;
        if (exists.count(name)) return rpz::RpzAction::none;
        auto n = OwnerName::parse(name).parent();
        while (!n.is_root() && !exists.count(n.to_string())) n = n.parent();
        auto at = wild.find(n.to_string());
        return at == wild.end() ? rpz::RpzAction::none : at->second;
    }
};

}  // namespace

TEST_CASE("a name's own record applies, else the wildcard at its closest encloser") {
    auto zone = zone_of(
        "x.example CNAME .\n*.x.example CNAME *.\na.b.x.example CNAME rpz-passthru.\n*.w.example CNAME rpz-drop.\n");
    CHECK(ask(zone, "x.example") == rpz::RpzAction::nxdomain);
    CHECK(ask(zone, "y.x.example") == rpz::RpzAction::nodata);
    CHECK(ask(zone, "z.y.x.example") == rpz::RpzAction::nodata);
    CHECK(ask(zone, "a.b.x.example") == rpz::RpzAction::passthru);
    CHECK(ask(zone, "b.x.example") == rpz::RpzAction::none);
    CHECK(ask(zone, "c.b.x.example") == rpz::RpzAction::none);
    CHECK(ask(zone, "w.example") == rpz::RpzAction::none);
    CHECK(ask(zone, "v.w.example") == rpz::RpzAction::drop);
    CHECK(ask(zone, "xx.example") == rpz::RpzAction::none);
    CHECK(ask(zone, "example") == rpz::RpzAction::none);
    CHECK(zone.closest_encloser(OwnerName::parse("c.b.x.example")) == OwnerName::parse("b.x.example"));
}

TEST_CASE("several records of one name are one answer") {
    auto zone = zone_of(
        "x.example TXT \"why\"\nx.example A 192.0.2.2\nx.example A 192.0.2.1\nx.example AAAA 2001:db8::1\nt.example "
        "TXT \"why\"\n");
    CHECK(zone.size() == 2);
    const auto& answer = zone.ask(OwnerName::parse("x.example"));
    CHECK(answer.action == rpz::RpzAction::redirect);
    CHECK(answer.targets == std::vector<std::string>{"192.0.2.1", "192.0.2.2"});
    CHECK(ask(zone, "t.example") == rpz::RpzAction::nodata);
}

TEST_CASE("records for other triggers or without effect are left out") {
    auto zone = zone_of(
        "x.example CNAME .\n24.0.2.0.192.rpz-ip CNAME .\nns.example.rpz-nsdname CNAME .\ntcp.example CNAME "
        "rpz-tcp-only.\nown.example CNAME own.example.\n");
    CHECK(zone.size() == 2);
    CHECK(ask(zone, "own.example") == rpz::RpzAction::passthru);
}

TEST_CASE("random zones answer every name as the RFC says") {
    std::mt19937 engine(7);
    const rpz::RpzAction actions[] = {rpz::RpzAction::nxdomain, rpz::RpzAction::nodata, rpz::RpzAction::drop,
                                      rpz::RpzAction::passthru};
    const char* targets[] = {".", "*.", "rpz-drop.", "rpz-passthru."};
    std::vector<std::string> names{"example"};
    for (std::size_t i = 0; i < names.size() && names.size() < 121; ++i)
        for (const char* label : {"a", "ab", "b"}) names.push_back(std::string(label) + "." + names[i]);
    for (int round = 0; round < 200; ++round) {
        Literal literal;
        std::string records;
        for (int i = 0; i < 12; ++i) {
            const auto& name = names[engine() % names.size()];
            bool wildcard = engine() % 2;
            auto which = engine() % 4;
            if ((wildcard ? literal.wild : literal.own).count(name)) continue;
            literal.add(name, wildcard, actions[which]);
            records += (wildcard ? "*." : "") + name + " CNAME " + targets[which] + "\n";
        }
        auto zone = zone_of(records);
        for (const auto& name : names) {
            INFO(records << name);
            REQUIRE(ask(zone, name) == literal.ask(name));
        }
    }
}
