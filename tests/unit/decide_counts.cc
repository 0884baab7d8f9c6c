// When and where an entry counts, and the effect on caches.
#include "policy_support.h"

namespace saring::test::decide_counts_test {
namespace {

std::string says_at(const Policy& policy, UnixTime now) {
    return policy.says("hoax.example", {now, nullptr, policy::Action::nxdomain});
}

const std::string blocked = "block B-1 at hoax.example";

}  // namespace

TEST_CASE("An order counts from the second it takes effect") {
    Policy policy({Rule("B-1", {"hoax.example"}).from(noon)});
    CHECK(says_at(policy, noon - 1) == "none");
    CHECK(says_at(policy, noon) == blocked);
}

TEST_CASE("An order counts until the second before it expires") {
    Policy policy({Rule("B-1", {"hoax.example"}).until(noon)});
    CHECK(says_at(policy, noon - 1) == blocked);
    CHECK(says_at(policy, noon) == "none");
}

TEST_CASE("An order counts until the second before it is lifted") {
    Policy policy({Rule("B-1", {"hoax.example"}).lifted_at(noon)});
    CHECK(says_at(policy, noon - 1) == blocked);
    CHECK(says_at(policy, noon) == "none");
}

TEST_CASE("An order of zero length never counts") {
    Policy policy({Rule("B-1", {"hoax.example"}).from(noon).until(noon)});
    for (UnixTime now : {noon - 1, noon, noon + 1}) CHECK(says_at(policy, now) == "none");
}

TEST_CASE("An order lifted before it takes effect never counts") {
    Policy policy({Rule("B-1", {"hoax.example"}).from(noon).lifted_at(noon - 1)});
    for (UnixTime now : {noon - 2, noon - 1, noon, noon + 1}) CHECK(says_at(policy, now) == "none");
}

TEST_CASE("Issue and application time do not make an order count") {
    Rule rule("B-1", {"hoax.example"});
    rule.issued_at(noon + 9 * day).applied = noon + 8 * day;
    rule.deadline = noon - day;
    CHECK(says_at(Policy({rule}), noon) == blocked);
}

TEST_CASE("A name stays blocked until the last order that lists it ends") {
    Policy policy(
        {Rule("B-1", {"hoax.example"}).until(noon + 2), Rule("B-2", {"hoax.example"}).issued_at(noon).until(noon)});
    CHECK(says_at(policy, noon - 1) == "block B-2 at hoax.example");
    CHECK(says_at(policy, noon) == blocked);
    CHECK(says_at(policy, noon + 1) == blocked);
    CHECK(says_at(policy, noon + 2) == "none");
}

TEST_CASE("When an exception ends, the block applies again") {
    for (auto kind : {policy::OrderKind::local, policy::OrderKind::order}) {
        Policy policy({Rule("B-1", {"hoax.example"}), Rule("L-1", {"hoax.example"}).local_pass().is(kind).until(noon)});
        CHECK(says_at(policy, noon - 1) == "pass L-1 at hoax.example");
        CHECK(says_at(policy, noon) == blocked);
    }
}

TEST_CASE("A log order begins and ends on time") {
    Policy policy({Rule("B-1", {"hoax.example"}).does(policy::Action::log).from(noon).until(noon + 1)});
    CHECK(says_at(policy, noon - 1) == "none");
    CHECK(says_at(policy, noon) == "none, logs B-1 at hoax.example");
    CHECK(says_at(policy, noon + 1) == "none");
}

TEST_CASE("An order without an action takes the default") {
    Policy policy({Rule("B-1", {"hoax.example"}).does(std::nullopt),
                   Rule("B-2", {"other.example"}).does(policy::Action::refused)});
    for (auto action : {policy::Action::nxdomain, policy::Action::nodata, policy::Action::refused,
                        policy::Action::redirect, policy::Action::drop}) {
        CHECK(policy.ask("hoax.example", {noon, nullptr, action}).by->action == action);
        CHECK(policy.ask("other.example", {noon, nullptr, action}).by->action == policy::Action::refused);
    }
}

TEST_CASE("With the default action log, an order without an action is reported and decides nothing") {
    Policy policy(
        {Rule("B-1", {"hoax.example"}).does(std::nullopt), Rule("B-2", {"hoax.example"}).issued_at(noon - 9 * day)});
    CHECK(policy.says("hoax.example", {noon, nullptr, policy::Action::log}) ==
          "block B-2 at hoax.example, logs B-1 at hoax.example");
}

TEST_CASE("An order without regions applies to clients everywhere") {
    Policy policy({Rule("B-1", {"hoax.example"})});
    policy::Region nowhere, jakarta{{"ID-JK"}}, everywhere{{}, true};
    for (const policy::Region* region :
         {static_cast<const policy::Region*>(nullptr), static_cast<const policy::Region*>(&nowhere),
          static_cast<const policy::Region*>(&jakarta), static_cast<const policy::Region*>(&everywhere)})
        CHECK(policy.says("hoax.example", at_noon(region)) == blocked);
}

TEST_CASE("A regional order applies in its regions only") {
    Policy policy({Rule("B-1", {"hoax.example"}).in({"ID-JK", "ID-BA"})});
    for (const char* code : {"ID-JK", "ID-BA"}) {
        policy::Region region{{code}};
        CHECK(policy.says("hoax.example", at_noon(&region)) == blocked);
    }
    for (const char* code : {"ID-JB", "ID", "ID-J", "ID-JKT", "MY-10", ""}) {
        policy::Region region{{code}};
        CHECK(policy.says("hoax.example", at_noon(&region)) == "none");
    }
}

TEST_CASE("A client in several regions is under an order for any of them") {
    Policy policy({Rule("B-1", {"hoax.example"}).in({"ID-JK"})});
    policy::Region two{{"ID-BA", "ID-JK"}}, others{{"ID-BA", "ID-JB"}};
    CHECK(policy.says("hoax.example", at_noon(&two)) == blocked);
    CHECK(policy.says("hoax.example", at_noon(&others)) == "none");
}

TEST_CASE("A client of unknown region is in no region, or by configuration in every region") {
    Policy policy({Rule("B-1", {"hoax.example"}).in({"ID-JK"})});
    policy::Region unknown, inside{{}, true}, both{{"ID-BA"}, true};
    CHECK(policy.says("hoax.example") == "none");
    CHECK(policy.says("hoax.example", at_noon(&unknown)) == "none");
    CHECK(policy.says("hoax.example", at_noon(&inside)) == blocked);
    CHECK(policy.says("hoax.example", at_noon(&both)) == blocked);
}

TEST_CASE("An order for another region leaves the decision to one for this region") {
    Policy policy({Rule("B-1", {"hoax.example"}), Rule("B-2", {"hoax.example"}).issued_at(noon).in({"ID-BA"}),
                   Rule("B-3", {"www.hoax.example"}).in({"ID-BA"})});
    policy::Region jakarta{{"ID-JK"}}, bali{{"ID-BA"}};
    CHECK(policy.says("www.hoax.example", at_noon(&jakarta)) == blocked);
    CHECK(policy.says("hoax.example", at_noon(&jakarta)) == blocked);
    CHECK(policy.says("hoax.example", at_noon(&bali)) == "block B-2 at hoax.example");
}

TEST_CASE("A name under a regional order in force is regional for every client") {
    Policy policy({Rule("B-1", {"hoax.example"}).in({"ID-JK"})});
    policy::Region jakarta{{"ID-JK"}}, bali{{"ID-BA"}};
    for (const policy::Region* region :
         {static_cast<const policy::Region*>(nullptr), static_cast<const policy::Region*>(&jakarta),
          static_cast<const policy::Region*>(&bali)}) {
        for (const char* text : {"hoax.example", "www.hoax.example"}) {
            auto verdict = policy.ask(text, at_noon(region));
            CHECK(verdict.regional);
            CHECK_FALSE(verdict.logged_regional);
            CHECK(verdict.uncacheable());
        }
    }
    CHECK_FALSE(policy.ask("other.example").regional);
}

TEST_CASE("A regional order makes a name regional only while it is in force") {
    Policy policy({Rule("B-1", {"hoax.example"}).in({"ID-JK"}).from(noon).until(noon + 5),
                   Rule("B-2", {"other.example"}).in({"ID-JK"}).lifted_at(noon)});
    auto regional = [&](const char* text, UnixTime now) {
        return policy.ask(text, {now, nullptr, policy::Action::nxdomain}).regional;
    };
    CHECK_FALSE(regional("hoax.example", noon - 1));
    CHECK(regional("hoax.example", noon));
    CHECK(regional("hoax.example", noon + 4));
    CHECK_FALSE(regional("hoax.example", noon + 5));
    CHECK(regional("other.example", noon - 1));
    CHECK_FALSE(regional("other.example", noon));
}

TEST_CASE("A regional order does not make names regional that its match does not cover") {
    Policy policy({Rule("B-1", {"=hoax.example", "*.other.example"}).in({"ID-JK"})});
    CHECK(policy.ask("hoax.example").regional);
    CHECK_FALSE(policy.ask("www.hoax.example").regional);
    CHECK_FALSE(policy.ask("other.example").regional);
    CHECK(policy.ask("www.other.example").regional);
}

TEST_CASE("A regional order above a name makes it regional even if another order decides") {
    Policy policy({Rule("B-1", {"example"}).in({"ID-JK"}), Rule("B-2", {"hoax.example"}).does(policy::Action::passthru),
                   Rule("L-1", {"other.example"}).local_pass()});
    for (const char* text : {"hoax.example", "other.example"}) {
        auto verdict = policy.ask(text);
        CHECK(verdict.outcome == policy::Outcome::pass);
        CHECK(verdict.regional);
        CHECK(verdict.uncacheable());
    }
}

TEST_CASE("A regional exception makes a name regional") {
    Policy policy({Rule("L-1", {"hoax.example"}).local_pass().in({"ID-JK"})});
    CHECK(policy.ask("hoax.example").outcome == policy::Outcome::none);
    CHECK(policy.ask("hoax.example").uncacheable());
}

TEST_CASE("With a regional log order answers stay cacheable and the client's region is needed") {
    Policy policy({Rule("B-1", {"hoax.example"}).does(policy::Action::log).in({"ID-JK"}),
                   Rule("B-2", {"other.example"}).does(std::nullopt).in({"ID-JK"})});
    policy::Region jakarta{{"ID-JK"}};
    for (const char* text : {"hoax.example", "other.example"}) {
        auto verdict = policy.ask(text, {noon, nullptr, policy::Action::log});
        CHECK(verdict.logged_regional);
        CHECK_FALSE(verdict.regional);
        CHECK_FALSE(verdict.uncacheable());
        CHECK_FALSE(verdict.logged);
        CHECK(policy.ask(text, {noon, &jakarta, policy::Action::log}).logged);
    }
}

TEST_CASE("A log order without regions is not regional") {
    auto verdict = Policy({Rule("B-1", {"hoax.example"}).does(policy::Action::log)}).ask("hoax.example");
    CHECK_FALSE(verdict.logged_regional);
    CHECK_FALSE(verdict.regional);
}

TEST_CASE("A regional block and a regional log order are distinguished") {
    auto verdict = Policy({Rule("B-1", {"hoax.example"}).does(policy::Action::log).in({"ID-JK"}),
                           Rule("B-2", {"example"}).in({"ID-BA"})})
                       .ask("hoax.example");
    CHECK(verdict.logged_regional);
    CHECK(verdict.regional);
}

TEST_CASE("Only blocked names are uncacheable, not passed or unlisted ones") {
    Policy policy({Rule("B-1", {"hoax.example"}), Rule("L-1", {"good.example"}).local_pass(),
                   Rule("B-2", {"log.example"}).does(policy::Action::log)});
    CHECK(policy.ask("hoax.example").uncacheable());
    CHECK_FALSE(policy.ask("good.example").uncacheable());
    CHECK_FALSE(policy.ask("log.example").uncacheable());
    CHECK_FALSE(policy.ask("other.example").uncacheable());
}

TEST_CASE("A name is listed if it or an ancestor has an entry, whether that counts or not") {
    Policy policy({Rule("B-1", {"ended.example"}).until(noon), Rule("B-2", {"=exact.example"}),
                   Rule("B-3", {"regional.example"}).in({"ID-JK"}),
                   Rule("B-4", {"log.example"}).does(policy::Action::log),
                   Rule("B-5", {"below.other.example", "203.0.113.0/24"}).lifted_at(noon)});
    for (const char* text :
         {"ended.example", "a.ended.example", "a.exact.example", "regional.example", "log.example", "203.0.113.7"}) {
        INFO(text);
        CHECK(policy.ask(text).outcome == policy::Outcome::none);
        CHECK(policy.ask(text).listed);
    }
    for (const char* text : {"example", "other.example", "xended.example", "203.0.114.7"}) {
        INFO(text);
        CHECK_FALSE(policy.ask(text).listed);
    }
}

}  // namespace saring::test::decide_counts_test
