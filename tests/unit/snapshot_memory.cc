// What a view remembers between renewals never outlives the commit that makes it wrong.
#include <catch2/catch.hpp>

#include <random>

#include "store_support.h"

using namespace saring;
using namespace saring::test;

namespace {

// As a worker of the module keeps it: one transaction, renewed for each query.
struct Lasting {
    explicit Lasting(const Store& store) : txn(store.db->environment()), snapshot(txn, store.db->tables()) { txn.reset(); }

    template <typename F>
    auto use(F work) {
        txn.renew();
        snapshot.renew(txn);
        auto out = work(snapshot);
        txn.reset();
        return out;
    }
    std::string verdict(const std::string& text) {
        return use([&](const Snapshot& s) { return said(s, text); });
    }
    static std::string said(const Snapshot& s, const std::string& text) {
        Circumstances c{noon, nullptr, Action::nxdomain};
        auto v = decide(s, name(text), c);
        return (v.by ? v.by->order->id + " by " + v.by->listed.to_string() : "nothing") + (v.listed ? ", listed" : "") + " at " + std::to_string(s.serial());
    }

    lmdb::ReadTxn txn;
    Snapshot snapshot;
};

}  // namespace

TEST_CASE("a top without anything listed is looked for again once something is committed") {
    Store store;
    Lasting view(store);
    CHECK(view.verdict("www.hoax.example") == "nothing at 0");
    CHECK(view.verdict("www.news.hoax.example") == "nothing at 0");
    store.apply(make_order("B-1", {"hoax.example"}));
    CHECK(view.verdict("www.hoax.example") == "B-1 by hoax.example, listed at 1");
    store.revoke("B-1");
    CHECK(view.verdict("www.hoax.example") == "nothing at 2");
}

TEST_CASE("an order that was met before shows as revoked at the next renewal") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    Lasting view(store);
    auto index = view.use([](const Snapshot& s) { return *s.find_order("B-1"); });
    CHECK(view.use([&](const Snapshot& s) { return s.shared_order(index)->lifted; }) == never);
    store.revoke("B-1");
    CHECK(view.use([&](const Snapshot& s) { return s.shared_order(index)->lifted; }) == noon);
}

TEST_CASE("an address listed later is counted") {
    Store store;
    Lasting view(store);
    CHECK(view.use([](const Snapshot& s) { return s.address_count(); }) == 0);
    CHECK((view.snapshot.surely_without_addresses() && view.snapshot.is_newest()));
    store.apply(make_order("B-1", {"203.0.113.0/28"}));
    CHECK_FALSE(view.snapshot.is_newest());
    CHECK(view.use([](const Snapshot& s) { return s.address_count(); }) == 1);
    CHECK_FALSE(view.snapshot.surely_without_addresses());
}

TEST_CASE("the edition is the same until something is committed, and no other view's") {
    Store store;
    Lasting view(store), other(store);
    auto before = view.use([](const Snapshot& s) { return s.edition(); });
    CHECK(view.use([](const Snapshot& s) { return s.edition(); }) == before);
    CHECK(other.use([](const Snapshot& s) { return s.edition(); }) != before);
    store.apply(make_order("B-1", {"hoax.example"}));
    CHECK(view.use([](const Snapshot& s) { return s.edition(); }) != before);
}

TEST_CASE("a view that lasts says what a fresh one says, whatever is committed in between") {
    Store store;
    Lasting view(store);
    std::mt19937 random(7);
    // Few labels, so that names, their tops and what lies below meet again and again.
    auto some_name = [&] {
        std::string out = random() % 2 ? "example" : "test";
        for (auto depth = 1 + random() % 3; depth > 0; --depth) out = std::string(1, static_cast<char>('a' + random() % 3)) + "." + out;
        return out;
    };
    std::vector<std::string> in_force;
    for (int step = 0; step < 300; ++step) {
        if (in_force.size() < 12 || random() % 2) {
            in_force.push_back("B-" + std::to_string(step));
            store.apply(make_order(in_force.back(), {(random() % 2 ? "=" : "") + some_name()}));
        } else {
            auto which = random() % in_force.size();
            store.revoke(in_force[which]);
            in_force.erase(in_force.begin() + static_cast<std::ptrdiff_t>(which));
        }
        for (int i = 0; i < 20; ++i) {
            auto asked = some_name();
            INFO("step " << step << ", " << asked);
            REQUIRE(view.verdict(asked) == store.view([&](const Snapshot& s) { return Lasting::said(s, asked); }));
        }
    }
}
