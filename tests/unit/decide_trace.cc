// The trace for `explain`: every entry considered and why it counts or does not.
#include "policy_support.h"

namespace saring::test::decide_trace_test {
namespace {

std::vector<policy::ConsideredEntry> trace_of(const Policy& policy, const std::string& text,
                                              const policy::Circumstances& c = at_noon()) {
    std::vector<policy::ConsideredEntry> out;
    policy.ask(text, c, &out);
    return out;
}

// The reason given for the only entry.
std::string why(const Rule& rule, const std::string& text, const policy::Circumstances& c = at_noon()) {
    auto trace = trace_of(Policy({rule}), text, c);
    REQUIRE(trace.size() == 1);
    CHECK(trace[0].counts == (trace[0].why.english() == "in force"));
    return trace[0].why.english();
}

}  // namespace

TEST_CASE("The trace has every entry at and above the name from the most specific upwards") {
    Policy policy({Rule("B-1", {"example", "www.hoax.example"}), Rule("L-1", {"hoax.example"}).local_pass(),
                   Rule("B-2", {"hoax.example", "other.example"}).until(noon - 1),
                   Rule("B-3", {"hoax.example", "below.www.hoax.example"}).does(policy::Action::log)});
    std::vector<std::string> words;
    for (const auto& c : trace_of(policy, "www.hoax.example"))
        words.push_back(c.matched + " " + c.order.id + " " + std::to_string(c.index) + (c.counts ? " counts" : ""));
    CHECK(words == std::vector<std::string>{"www.hoax.example B-1 1 counts", "hoax.example L-1 2 counts",
                                            "hoax.example B-2 3", "hoax.example B-3 4 counts", "example B-1 1 counts"});
}

TEST_CASE("The trace of addresses goes from the longest prefix to the shortest") {
    Policy policy({Rule("B-1", {"0.0.0.0/0", "203.0.113.7"}),
                   Rule("B-2", {"203.0.113.0/24", "203.0.114.0/24", "::/0"}).until(noon)});
    std::vector<std::string> words;
    for (const auto& c : trace_of(policy, "203.0.113.7"))
        words.push_back(c.matched + " " + c.order.id + (c.counts ? " counts" : ""));
    CHECK(words == std::vector<std::string>{"203.0.113.7 B-1 counts", "203.0.113.0/24 B-2", "0.0.0.0/0 B-1 counts"});
}

TEST_CASE("The trace has each entry's match and effective action") {
    Policy policy({Rule("B-1", {"=hoax.example"}).does(policy::Action::drop),
                   Rule("B-2", {"hoax.example"}).does(std::nullopt),
                   Rule("B-3", {"*.hoax.example"}).does(policy::Action::log)});
    auto trace = trace_of(policy, "hoax.example", {noon, nullptr, policy::Action::redirect});
    REQUIRE(trace.size() == 3);
    CHECK(trace[0].match == policy::Match::exact);
    CHECK(trace[0].action == policy::Action::drop);
    CHECK(trace[1].match == policy::Match::subtree);
    CHECK(trace[1].action == policy::Action::redirect);
    CHECK_FALSE(trace[1].order.action);
    CHECK(trace[2].match == policy::Match::below);
    CHECK(trace[2].action == policy::Action::log);
}

TEST_CASE("An unlisted name leaves the trace empty") {
    CHECK(trace_of(Policy({Rule("B-1", {"a.hoax.example"})}), "hoax.example").empty());
}

TEST_CASE("The trace is appended to, so that the steps of an alias are in one trace") {
    Policy policy({Rule("B-1", {"hoax.example", "other.example"})});
    auto trace = trace_of(policy, "hoax.example");
    policy.ask("other.example", at_noon(), &trace);
    REQUIRE(trace.size() == 2);
    CHECK(trace[0].matched == "hoax.example");
    CHECK(trace[1].matched == "other.example");
}

TEST_CASE("An entry that counts is marked so even if another decides") {
    Policy policy({Rule("B-1", {"example"}), Rule("B-2", {"hoax.example"})});
    for (const auto& c : trace_of(policy, "hoax.example")) {
        CHECK(c.counts);
        CHECK(c.why.english() == "in force");
    }
}

TEST_CASE("The trace says when and by whom an order was revoked") {
    auto text = why(Rule("B-1", {"hoax.example"}).lifted_at(noon, "order B-9"), "hoax.example");
    CHECK_THAT(text,
               Catch::Contains("revoked") && Catch::Contains(format_rfc3339(noon)) && Catch::Contains("order B-9"));
}

TEST_CASE("The trace says when an order expired") {
    auto text = why(Rule("B-1", {"hoax.example"}).until(noon), "hoax.example");
    CHECK_THAT(text, Catch::Contains("expired") && Catch::Contains(format_rfc3339(noon)));
}

TEST_CASE("The trace says from when an order takes effect") {
    auto text = why(Rule("B-1", {"hoax.example"}).from(noon + 1), "hoax.example");
    CHECK_THAT(text, Catch::Contains("takes effect") && Catch::Contains(format_rfc3339(noon + 1)));
}

TEST_CASE("The trace says that an exact entry covers the listed name only") {
    CHECK_THAT(why(Rule("B-1", {"=hoax.example"}), "www.hoax.example"), Catch::Contains("exact"));
    CHECK(why(Rule("B-1", {"=hoax.example"}), "hoax.example") == "in force");
}

TEST_CASE("The trace says that a below entry does not cover the listed name") {
    CHECK_THAT(why(Rule("B-1", {"*.hoax.example"}), "hoax.example"), Catch::Contains("below"));
    CHECK(why(Rule("B-1", {"*.hoax.example"}), "www.hoax.example") == "in force");
}

TEST_CASE("The trace says that an order holds in other regions") {
    policy::Region bali{{"ID-BA"}}, jakarta{{"ID-JK"}};
    auto rule = Rule("B-1", {"hoax.example"}).in({"ID-JK"});
    CHECK_THAT(why(rule, "hoax.example", at_noon(&bali)), Catch::Contains("other regions"));
    CHECK_THAT(why(rule, "hoax.example"), Catch::Contains("other regions"));
    CHECK(why(rule, "hoax.example", at_noon(&jakarta)) == "in force");
}

TEST_CASE("A trace does not change the verdict") {
    Policy policy({Rule("L-1", {"hoax.example"}).local_pass(), Rule("B-1", {"www.hoax.example"}).in({"ID-JK"}),
                   Rule("B-2", {"example"}).does(policy::Action::log).in({"ID-JK"})});
    policy::Region jakarta{{"ID-JK"}};
    std::vector<policy::ConsideredEntry> trace;
    auto with = policy.ask("www.hoax.example", at_noon(&jakarta), &trace),
         without = policy.ask("www.hoax.example", at_noon(&jakarta));
    CHECK(trace.size() == 3);
    CHECK(with.outcome == without.outcome);
    CHECK(with.by->index == without.by->index);
    CHECK(with.logged->index == without.logged->index);
    CHECK(with.regional == without.regional);
    CHECK(with.logged_regional == without.logged_regional);
}

}  // namespace saring::test::decide_trace_test
