// Addresses are decided like names, by prefix.
#include "policy_support.h"

namespace saring::test::decide_addresses_test {

TEST_CASE("An address verdict names the prefix and the trigger") {
    auto verdict = Policy({Rule("B-1", {"203.0.113.0/28"}).does(policy::Action::refused)}).ask("203.0.113.7");
    CHECK(verdict.outcome == policy::Outcome::block);
    CHECK(verdict.trigger == policy::Trigger::address);
    REQUIRE(verdict.by);
    CHECK(verdict.by->prefix == Prefix::parse("203.0.113.0/28"));
    CHECK(verdict.by->index == 1);
    CHECK(verdict.by->action == policy::Action::refused);
}

TEST_CASE("A listed prefix covers its first and last address but not their neighbours") {
    Policy policy({Rule("B-1", {"203.0.113.16/28", "2001:db8:5::/48"})});
    for (const char* text : {"203.0.113.16", "203.0.113.31", "2001:db8:5::", "2001:db8:5:ffff:ffff:ffff:ffff:ffff"}) {
        INFO(text);
        CHECK(policy.ask(text).outcome == policy::Outcome::block);
    }
    for (const char* text : {"203.0.113.15", "203.0.113.32", "2001:db8:4:ffff:ffff:ffff:ffff:ffff", "2001:db8:6::"}) {
        INFO(text);
        CHECK(policy.says(text) == "none");
        CHECK(policy.ask(text).trigger == policy::Trigger::address);
    }
}

TEST_CASE("A listed single address covers that address only") {
    Policy policy({Rule("B-1", {"203.0.113.7", "2001:db8::7"})});
    CHECK(policy.says("203.0.113.7") == "block B-1 at 203.0.113.7");
    CHECK(policy.says("2001:db8::7") == "block B-1 at 2001:db8::7");
    for (const char* text : {"203.0.113.6", "203.0.113.8", "2001:db8::6", "2001:db8::8"})
        CHECK(policy.says(text) == "none");
}

TEST_CASE("The longest listed prefix decides whichever order is newer") {
    for (UnixTime issued : {noon - 9 * day, noon}) {
        Policy policy({Rule("B-1", {"203.0.113.0/24"}), Rule("B-2", {"203.0.113.0/28"}).issued_at(issued),
                       Rule("B-3", {"203.0.113.7"}).issued_at(issued).does(policy::Action::passthru)});
        CHECK(policy.says("203.0.113.7") == "pass B-3 at 203.0.113.7");
        CHECK(policy.says("203.0.113.8") == "block B-2 at 203.0.113.0/28");
        CHECK(policy.says("203.0.113.16") == "block B-1 at 203.0.113.0/24");
    }
}

TEST_CASE("The prefix of length zero covers every address of its family and none of the other") {
    Policy v4({Rule("B-1", {"0.0.0.0/0"})}), v6({Rule("B-1", {"::/0"})});
    for (const char* text : {"0.0.0.0", "203.0.113.7", "255.255.255.255"}) {
        CHECK(v4.says(text) == "block B-1 at 0.0.0.0/0");
        CHECK(v6.says(text) == "none");
    }
    for (const char* text : {"::", "2001:db8::7", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}) {
        CHECK(v4.says(text) == "none");
        CHECK(v6.says(text) == "block B-1 at ::/0");
    }
}

TEST_CASE("An IPv6 prefix that begins with the bytes of an IPv4 address does not cover it") {
    Policy policy({Rule("B-1", {"cb00:7107::/32"}), Rule("B-2", {"203.0.113.7"})});
    CHECK(policy.says("203.0.113.7") == "block B-2 at 203.0.113.7");
    CHECK(policy.says("cb00:7107::1") == "block B-1 at cb00:7107::/32");
    CHECK(policy.says("203.0.113.8") == "none");
}

TEST_CASE("An IPv4-mapped address is decided as IPv4") {
    Policy policy({Rule("B-1", {"203.0.113.0/24"}), Rule("B-2", {"::/0"})});
    CHECK(policy.says("::ffff:203.0.113.7") == "block B-1 at 203.0.113.0/24");
    const std::uint8_t answer[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 7};
    policy.store.view([&](const ledger::Snapshot& s) {
        CHECK(decide(s, Prefix::of_address(6, answer), at_noon()).by->order->id == "B-1");
    });
}

TEST_CASE("A mapped prefix in an order covers IPv4 addresses") {
    Policy policy({Rule("B-1", {"::ffff:203.0.113.0/120"})});
    CHECK(policy.says("203.0.113.255") == "block B-1 at 203.0.113.0/24");
    CHECK(policy.says("203.0.114.0") == "none");
}

TEST_CASE("Local passthru of a wide prefix passes an address that is listed singly") {
    Policy policy({Rule("B-1", {"203.0.113.7"}).issued_at(noon), Rule("L-1", {"203.0.112.0/20"}).local_pass()});
    CHECK(policy.says("203.0.113.7") == "pass L-1 at 203.0.112.0/20");
    CHECK(policy.says("203.0.113.8") == "pass L-1 at 203.0.112.0/20");
}

TEST_CASE("Passthru of an order passes at its prefix and not what is listed more specifically") {
    Policy policy({Rule("B-1", {"203.0.113.0/24"}).does(policy::Action::passthru).issued_at(noon - 9 * day),
                   Rule("B-2", {"203.0.113.0/24", "203.0.113.7"})});
    CHECK(policy.says("203.0.113.8") == "pass B-1 at 203.0.113.0/24");
    CHECK(policy.says("203.0.113.7") == "block B-2 at 203.0.113.7");
}

TEST_CASE("Of several orders at one prefix the newest decides and then the one applied last") {
    Policy policy({Rule("B-1", {"203.0.113.0/24"}).issued_at(noon - 1),
                   Rule("B-2", {"203.0.113.0/24"}).issued_at(noon - 2), Rule("B-3", {"2001:db8::/32"}),
                   Rule("B-4", {"2001:db8::/32"})});
    CHECK(policy.says("203.0.113.7") == "block B-1 at 203.0.113.0/24");
    CHECK(policy.says("2001:db8::7") == "block B-4 at 2001:db8::/32");
}

TEST_CASE("An address order begins and ends on the second, and a wider one decides otherwise") {
    Policy policy({Rule("B-1", {"203.0.113.0/24"}), Rule("B-2", {"203.0.113.7"}).from(noon).until(noon + 2),
                   Rule("B-3", {"2001:db8::7"}).lifted_at(noon)});
    auto says = [&](const char* text, UnixTime now) {
        return policy.says(text, {now, nullptr, policy::Action::nxdomain});
    };
    CHECK(says("203.0.113.7", noon - 1) == "block B-1 at 203.0.113.0/24");
    CHECK(says("203.0.113.7", noon) == "block B-2 at 203.0.113.7");
    CHECK(says("203.0.113.7", noon + 1) == "block B-2 at 203.0.113.7");
    CHECK(says("203.0.113.7", noon + 2) == "block B-1 at 203.0.113.0/24");
    CHECK(says("2001:db8::7", noon - 1) == "block B-3 at 2001:db8::7");
    CHECK(says("2001:db8::7", noon) == "none");
}

TEST_CASE("An address order without an action takes the default") {
    Policy policy({Rule("B-1", {"203.0.113.7"}).does(std::nullopt)});
    for (auto action : {policy::Action::nxdomain, policy::Action::nodata, policy::Action::drop})
        CHECK(policy.ask("203.0.113.7", {noon, nullptr, action}).by->action == action);
    CHECK(policy.says("203.0.113.7", {noon, nullptr, policy::Action::log}) == "none, logs B-1 at 203.0.113.7");
}

TEST_CASE("A log order on addresses is reported beside what decides") {
    Policy policy({Rule("B-1", {"203.0.113.0/24"}),
                   Rule("B-2", {"203.0.113.7", "203.0.0.0/16"}).does(policy::Action::log).issued_at(noon)});
    CHECK(policy.says("203.0.113.7") == "block B-1 at 203.0.113.0/24, logs B-2 at 203.0.113.7");
    CHECK(policy.says("203.0.113.8") == "block B-1 at 203.0.113.0/24, logs B-2 at 203.0.0.0/16");
    CHECK(policy.says("203.0.5.5") == "none, logs B-2 at 203.0.0.0/16");
}

TEST_CASE("A regional address order applies in its regions and makes the address regional for all clients") {
    Policy policy({Rule("B-1", {"203.0.113.0/24"}).in({"ID-JK"}),
                   Rule("B-2", {"198.51.100.0/24"}).in({"ID-JK"}).does(policy::Action::log)});
    policy::Region jakarta{{"ID-JK"}}, bali{{"ID-BA"}};
    CHECK(policy.says("203.0.113.7", at_noon(&jakarta)) == "block B-1 at 203.0.113.0/24");
    CHECK(policy.says("203.0.113.7", at_noon(&bali)) == "none");
    CHECK(policy.ask("203.0.113.7", at_noon(&bali)).uncacheable());
    CHECK(policy.ask("198.51.100.7", at_noon(&bali)).logged_regional);
    CHECK_FALSE(policy.ask("198.51.100.7", at_noon(&bali)).regional);
    CHECK_FALSE(policy.ask("192.0.2.1", at_noon(&bali)).regional);
}

}  // namespace saring::test::decide_addresses_test
