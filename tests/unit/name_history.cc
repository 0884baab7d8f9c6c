// The history of one name from the journal, compared with the answers given at the time.
#include "ledger/name_history.h"

#include "policy_support.h"

namespace saring::test::name_history_test {
namespace {

constexpr std::size_t pool = 6;

std::string pool_name(std::size_t n) { return (n % 2 ? "www.n" : "n") + std::to_string(n / 2) + ".example"; }

struct Answer {
    policy::Outcome outcome = policy::Outcome::none;
    std::string order;
    bool operator==(const Answer&) const = default;
};

Answer answer(const ledger::Snapshot& s, const OwnerName& name, UnixTime now) {
    policy::Circumstances c;
    c.now = now;
    auto v = decide(s, name, c);
    return {v.outcome, v.by ? v.by->order->id : ""};
}

}  // namespace

TEST_CASE("A past snapshot answers as the database did at the time") {
    for (std::uint32_t seed = 1; seed <= 10; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        Store store;
        std::vector<std::vector<Answer>> answers(1, std::vector<Answer>(pool));  // by serial
        std::vector<std::string> ids;
        for (int step = 0; step < 40; ++step) {
            UnixTime now = noon + step;
            auto before = store.serial();
            switch (random.below(5)) {
                case 0:
                case 1: {
                    auto order = make_order("B-" + std::to_string(step),
                                            {pool_name(random.below(pool)), "=" + pool_name(random.below(pool))});
                    if (!ids.empty() && random.below(2))
                        order.revokes.push_back({random.pick(ids), name(pool_name(random.below(pool)).c_str()),
                                                 random.below(2) ? policy::Match::exact : policy::Match::subtree});
                    store.apply(order, now);
                    ids.push_back(order.id);
                    break;
                }
                case 2:
                    if (!ids.empty() && store.order(random.pick(ids)).lifted == policy::never)
                        store.write(
                            [&](ledger::Writer& w) {
                                for (const auto& id : ids)
                                    if (w.find(id)->lifted == policy::never) return w.revoke(id, "tester", now);
                            },
                            now);
                    break;
                case 3: {
                    std::set<std::string> names;
                    for (int i = 0; i < 3; ++i) names.insert(pool_name(random.below(pool)));
                    store.write(
                        [&](ledger::Writer& w) {
                            w.replace_list(list_info("uji"), names_of({names.begin(), names.end()}), now);
                        },
                        now);
                    break;
                }
                case 4:
                    store.write([&](ledger::Writer& w) { w.roll_back(random.below(store.serial() + 1)); }, now);
                    break;
            }
            std::erase_if(ids, [&](const auto& id) { return !store.has(id); });
            if (store.serial() == before) continue;
            auto& row = answers.emplace_back();
            for (std::size_t n = 0; n < pool; ++n)
                row.push_back(
                    store.view([&](const ledger::Snapshot& s) { return answer(s, name(pool_name(n).c_str()), now); }));
        }
        REQUIRE(answers.size() == store.serial() + 1);
        store.view([&](const ledger::Snapshot& s) {
            for (std::uint64_t serial = 0; serial < answers.size(); ++serial)
                for (std::size_t n = 0; n < pool; ++n) {
                    INFO("serial " << serial << " " << pool_name(n));
                    ledger::HistoryTarget asked{name(pool_name(n).c_str()), {}};
                    auto time = serial ? read_journal(s.transaction(), s.tables(), serial)->time : noon;
                    ledger::PastSnapshot past(s, asked, serial);
                    REQUIRE(answer(past.snapshot(), *asked.name, time) == answers[serial][n]);
                    REQUIRE(past.snapshot().serial() == serial);
                }
        });
    }
}

TEST_CASE("The last serial at a time is found, before the first there is none") {
    Store store;
    store.apply(make_order("B-1", {"a.example"}), noon);
    store.apply(make_order("B-2", {"a.example"}), noon + 10);
    store.view([](const ledger::Snapshot& s) {
        CHECK(serial_at(s, noon - 1) == 0);
        CHECK(serial_at(s, noon) == 1);
        CHECK(serial_at(s, noon + 9) == 1);
        CHECK(serial_at(s, noon + 10) == 2);
    });
}

}  // namespace saring::test::name_history_test
