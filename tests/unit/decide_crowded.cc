// Names and prefixes with many orders: the cached orders give the same decision as all orders.
#include "policy/crowded.h"
#include "policy_support.h"

namespace saring::test::decide_crowded_test {
namespace {

std::string text_of(const std::optional<policy::Deciding>& d) {
    return d ? d->order->id + " " + to_string(d->match) + " " + to_string(d->action) : "-";
}

std::string text_of(const policy::Verdict& v) {
    return std::to_string(static_cast<int>(v.outcome)) + ", " + text_of(v.by) + ", " + text_of(v.logged) +
           (v.regional ? ", regional" : "") + (v.logged_regional ? ", logged regional" : "") +
           (v.listed ? ", listed" : "");
}

}  // namespace

TEST_CASE("The cache of many orders at one name gives the same decision as all of them") {
    Random random(41);
    const std::vector<std::vector<std::string>> regions{{}, {}, {"ID-JK"}, {"ID-JB"}, {"ID-JK", "ID-JB"}, {"ID-BA"}};
    const std::vector<std::optional<policy::Action>> actions{
        std::nullopt, policy::Action::nxdomain, policy::Action::refused, policy::Action::log, policy::Action::passthru};
    for (int turn = 0; turn < 20; ++turn) {
        std::vector<Rule> rules;
        for (int i = 0; i < 60; ++i) {
            const std::vector<std::string> targets{"hoax.example", "=hoax.example", "*.hoax.example", "203.0.113.0/24",
                                                   "example"};
            Rule rule("B-" + std::to_string(i), {random.pick(targets)});
            rule.does(random.pick(actions))
                .issued_at(noon - static_cast<UnixTime>(random.below(5)))
                .in(random.pick(regions));
            if (random.one_in(4)) rule.from(noon - 2 + static_cast<UnixTime>(random.below(5)));
            if (random.one_in(4)) rule.until(noon - 2 + static_cast<UnixTime>(random.below(5)));
            if (random.one_in(6)) rule.lifted_at(noon - 2 + static_cast<UnixTime>(random.below(5)));
            if (random.one_in(20)) rule.is(policy::OrderKind::local);
            rules.push_back(rule);
        }
        Policy policy(rules);
        policy.store.view([&](const ledger::Snapshot& s) {
            policy::CrowdedLevels crowded;
            for (int ask = 0; ask < 200; ++ask) {
                policy::Region region;
                if (random.one_in(2)) region.codes = {random.pick(std::vector<std::string>{"ID-JK", "ID-JB", "ID-AC"})};
                region.everywhere = random.one_in(5);
                policy::Circumstances c{noon - 3 + static_cast<UnixTime>(random.below(7)),
                                        random.one_in(3) ? nullptr : &region,
                                        random.one_in(4) ? policy::Action::log : policy::Action::nxdomain};
                auto ask_for = [&](const std::string& text) {
                    return Policy::is_address(text) ? decide(s, Prefix::parse(text), c) : decide(s, name(text), c);
                };
                for (const char* text :
                     {"hoax.example", "a.hoax.example", "b.c.hoax.example", "203.0.113.7", "other.example"}) {
                    c.crowded = nullptr;
                    auto plain = text_of(ask_for(text));
                    c.crowded = &crowded;
                    CHECK(text_of(ask_for(text)) == plain);
                }
            }
            return 0;
        });
    }
}

TEST_CASE("With five thousand orders at one name a query evaluates only those that can decide") {
    std::vector<Rule> rules;
    for (int i = 0; i < 5000; ++i)
        rules.push_back(Rule("B-" + std::to_string(i), {"hoax.example"}).issued_at(noon - i));
    Policy policy(rules);
    struct Source {
        const ledger::Snapshot& s;
        std::shared_ptr<const policy::OrderRecord> shared_order(policy::OrderIndex i) const {
            return s.shared_order(i);
        }
        std::uint64_t edition() const { return 1; }
    };
    policy.store.view([&](const ledger::Snapshot& s) {
        policy::CrowdedLevels crowded;
        auto listed = s.closest_listed(LookupKey(name("a.hoax.example")), 3);
        const auto& level = crowded.level(Source{s}, "key", listed->entries, false, noon, policy::Action::nxdomain);
        CHECK(level.deciding.size() == 1);
        CHECK(level.deciding[0].order->id == "B-0");
        return 0;
    });
}

}  // namespace saring::test::decide_crowded_test
