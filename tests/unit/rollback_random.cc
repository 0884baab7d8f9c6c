// Random histories: every earlier state can be restored exactly.
#include "history_support.h"

namespace saring::test::rollback_random_test {

TEST_CASE("Random sequences of changes and rollbacks restore every table exactly") {
    for (std::uint32_t seed = 1; seed <= 12; ++seed) {
        Store store;
        Random random(seed);
        Past past(store);
        for (unsigned step = 0; step < 60; ++step) {
            INFO("seed " << seed << ", step " << step << ", serial " << store.serial());
            if (random.one_in(4)) {
                auto target = random.below(past.at.size());
                roll_back(store, target);
                REQUIRE(content(store) == past.at[target]);
            } else {
                random_step(store, random, step);
            }
            past.remember();
        }
        store.view([](const ledger::Snapshot& s) { CHECK_FALSE(first_broken_journal(s.transaction(), s.tables())); });
    }
}

TEST_CASE("The difference between any two serials of a random history is that of the states") {
    for (std::uint32_t seed = 21; seed <= 26; ++seed) {
        Store store;
        Random random(seed);
        Past past(store);
        for (unsigned step = 0; step < 30; ++step) {
            random.one_in(5) ? void(roll_back(store, random.below(past.at.size()))) : random_step(store, random, step);
            past.remember();
        }
        for (int pair = 0; pair < 60; ++pair) {
            auto from = random.below(past.at.size()), to = random.between(from, past.at.size() - 1);
            INFO("seed " << seed << ", from " << from << " to " << to);
            auto d = store.view([&](const ledger::Snapshot& s) { return difference(s, from, to); });
            Dump expected = past.at[from];
            for (const auto& r : d.records) {
                auto& table = expected[to_string(r.table)];
                REQUIRE(r.before != r.after);
                REQUIRE((table.count(r.key) ? std::optional(table[r.key]) : std::nullopt) == r.before);
                if (r.after) table[r.key] = *r.after;
                else table.erase(r.key);
            }
            for (const auto& e : d.entries) {
                auto& table = expected[e.address ? "addresses" : "names"];
                Bytes value = table[e.key];
                REQUIRE((policy::match_of(value, e.entry.order) ==
                         (e.added ? std::nullopt : std::optional(e.entry.match))));
                value = e.added ? policy::with_entry(value, e.entry) : policy::without_order(value, e.entry.order);
                if (value.empty()) table.erase(e.key);
                else table[e.key] = value;
            }
            std::erase_if(expected, [](const auto& table) { return table.second.empty(); });
            REQUIRE(expected == past.at[to]);
        }
    }
}

}  // namespace saring::test::rollback_random_test
