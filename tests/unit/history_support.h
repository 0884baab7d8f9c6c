// Stores the blocklist at every serial, for comparison with a Store that keeps changing.
#pragma once

#include "ledger/difference.h"
#include "store_support.h"

namespace saring::test {

// The tables that a rollback restores: all except the journal, its changes and `meta`.
inline Dump content(const Store& store) {
    Dump out = dump(store);
    for (const char* table : {"journal", "changes", "meta"}) out.erase(table);
    return out;
}

struct Past {
    Store& store;
    std::vector<Dump> at;  // by serial
    std::vector<Listing> listings;

    explicit Past(Store& s) : store(s) { remember(); }
    // Call after each commit; a step without a change adds nothing.
    void remember() {
        if (store.serial() + 1 == at.size()) return;
        REQUIRE(store.serial() == at.size());
        at.push_back(content(store));
        listings.push_back(listing(store));
    }
};

inline std::uint64_t roll_back(Store& store, std::uint64_t serial) {
    return store.write([&](ledger::Writer& w) { w.roll_back(serial); });
}

// One random change: an order applied, revoked or lifted by another, a list imported. It may change nothing.
inline void random_step(Store& store, Random& random, unsigned number) {
    auto some_name = [&] {
        return std::string(1, static_cast<char>('a' + random.below(6))) + (random.one_in(3) ? ".x" : "") + ".example";
    };
    auto some_id = [&] { return "B-" + std::to_string(random.below(number + 1)); };
    switch (random.below(5)) {
        case 0:
        case 1: {
            std::vector<std::string> targets;
            for (auto n = random.between(1, 5); n > 0; --n)
                targets.push_back((random.one_in(3) ? "=" : "") + some_name());
            if (random.one_in(3)) targets.push_back("203.0.113." + std::to_string(16 * random.below(4)) + "/28");
            order::Order order = make_order("B-" + std::to_string(number), targets);
            if (random.one_in(3)) order.revokes.push_back({some_id(), std::nullopt});
            if (random.one_in(3)) order.revokes.push_back({some_id(), name(some_name())});
            store.apply(order);
            break;
        }
        case 2:
            error_of([&] { store.revoke(random.one_in(3) ? "list:l" + std::to_string(random.below(2)) : some_id()); });
            break;
        default: {
            std::vector<std::string> names;
            for (auto n = random.between(1, 8); n > 0; --n) names.push_back(some_name());
            if (random.one_in(4)) names.clear();
            list::Targets targets(names_of(names));
            for (unsigned i = 0; i < 4; ++i)
                if (random.one_in(3))
                    targets.addresses.push_back(Prefix::parse("203.0.113." + std::to_string(16 * i) + "/28"));
            store.write([&](ledger::Writer& w) {
                w.replace_list(list_info("l" + std::to_string(random.below(2))), targets, noon);
            });
        }
    }
}

}  // namespace saring::test
