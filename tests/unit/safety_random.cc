// A never-block name is never blocked, whatever is ordered, imported or released.
#include <algorithm>

#include "admission/admit.h"
#include "admission/admit_list.h"
#include "safety_support.h"

namespace saring::test::safety_random_test {
namespace {

const std::vector<std::string> labels{"a", "b", "co", "go", "vote", "www", "lent", "x"};
const std::vector<std::string> tops{"test", "com", "id", "co.id", "lent.com", "any.ck"};

std::string random_name(Random& random) {
    std::string out = random.pick(tops);
    for (auto n = random.between(1, 4); n > 0; --n) out = random.pick(labels) + "." + out;
    return out;
}

struct Case {
    explicit Case(Random& random) : files(text(random)), rules(files.rules()) {}
    std::string text(Random& random) {
        std::string out;
        for (int i = 0; i < 12; ++i) {
            auto n = random_name(random);
            bool below = random.one_in(3);
            guarded.push_back({n, below});
            out += (below ? "." : "") + n + " # entry " + std::to_string(i) + "\n";
        }
        return out;
    }
    // Every protected name, and for a dotted entry a name below it, resolves.
    void check_untouched(const Store& store, UnixTime now = noon) const {
        store.view([&](const ledger::Snapshot& s) {
            policy::Circumstances c{now, nullptr, policy::Action::nxdomain};
            for (const auto& [guarded_name, below] : guarded) {
                INFO(guarded_name);
                CHECK(decide(s, name(guarded_name), c).outcome == policy::Outcome::none);
                if (below) CHECK(decide(s, name("deep.down." + guarded_name), c).outcome == policy::Outcome::none);
            }
        });
        // No protected name, and no subtree above one, is in the table.
        auto table = listing(store);
        for (const auto& [guarded_name, below] : guarded) {
            auto owner = name(guarded_name);
            CHECK(table.count(guarded_name) == 0);
            for (auto up = owner.parent(); !up.is_root(); up = up.parent())
                if (auto at = table.find(up.to_string()); at != table.end())
                    for (const auto& id : at->second) CHECK(id[0] == '=');
        }
    }
    std::vector<std::pair<std::string, bool>> guarded;
    RuleFiles files;
    safety::Rules rules;
};

}  // namespace

TEST_CASE("No random order blocks a never-block name") {
    Random random(20240214);
    for (int round = 0; round < 60; ++round) {
        Case c(random);
        Store store;
        for (int i = 0; i < 10; ++i) {
            std::vector<std::string> targets;
            for (auto n = random.between(1, 12); n > 0; --n) {
                auto target = random.one_in(3) ? random.pick(c.guarded).first : random_name(random);
                // Often above or below protected names.
                if (random.one_in(3) && target.find('.') != target.rfind('.'))
                    target = target.substr(target.find('.') + 1);
                if (random.one_in(4)) target = "below." + target;
                targets.push_back((random.one_in(4) ? "=" : "") + target);
            }
            auto order = make_order("B-" + std::to_string(i), targets);
            admission::CheckedOrder checked{order, document_of(order), "ani", c.rules.screen(order)};
            store.write([&](ledger::Writer& w) { admission::admit(c.files.config, w, checked, noon); });
        }
        c.check_untouched(store);
    }
}

TEST_CASE("No random list blocks a never-block name") {
    Random random(77);
    for (int round = 0; round < 60; ++round) {
        Case c(random);
        Store store;
        for (int i = 0; i < 3; ++i) {
            std::vector<std::string> names;
            for (auto n = random.between(1, 60); n > 0; --n)
                names.push_back(random.one_in(4) ? random.pick(c.guarded).first : random_name(random));
            list::Targets set = names_of(names);
            store.write([&](ledger::Writer& w) {
                admission::admit_list(c.files.config, w, list_info("uji"), set, true, noon);
            });
        }
        c.check_untouched(store);
    }
}

TEST_CASE("A list is screened exactly as each of its names would be") {
    Random random(5);
    for (int round = 0; round < 200; ++round) {
        Case c(random);
        std::vector<std::string> names;
        for (auto n = random.between(1, 80); n > 0; --n)
            names.push_back(random.one_in(5) ? random.pick(c.guarded).first : random_name(random));
        for (const char* more : {"com", "id", "co.id", "ck", "any.ck", "www.ck", "host.com", "under.host.com",
                                 "wild.com", "a.wild.com", "lent.com"})
            if (random.one_in(2)) names.push_back(more);
        auto set = names_of(names);
        std::map<std::size_t, std::string> expected, got;
        for (std::size_t i = 0; i < set.size(); ++i)
            if (auto f = c.rules.check(name_of_key(set[i]), policy::Match::subtree)) expected[i] = f->rule;
        for (const auto& h : c.rules.screen(set)) got[h.place] = h.finding.rule;
        CHECK(got == expected);
    }
}

}  // namespace saring::test::safety_random_test
