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
        return use([&](const ledger::Snapshot& s) { return said(s, text); });
    }
    static std::string said(const ledger::Snapshot& s, const std::string& text) {
        policy::Circumstances c{noon, nullptr, policy::Action::nxdomain};
        auto v = decide(s, name(text), c);
        return (v.by ? v.by->order->id + " by " + v.by->listed.to_string() : "nothing") + (v.listed ? ", listed" : "") + " at " + std::to_string(s.serial());
    }

    // Asked without a transaction, as the module does before it begins one.
    bool surely_unlisted(const std::string& text) const {
        auto wire = wire_of(text);
        return snapshot.surely_unlisted(reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size());
    }
    // As queried: letter case kept.
    static Bytes wire_of(const std::string& text) {
        Bytes out;
        for (std::size_t at = 0, end; at < text.size(); at = end + 1) {
            end = std::min(text.find('.', at), text.size());
            out += static_cast<char>(end - at) + text.substr(at, end - at);
        }
        return out + '\0';
    }

    ledger::lmdb::ReadTxn txn;
    ledger::Snapshot snapshot;
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

TEST_CASE("a subtree in which a miss found nothing is known for that, in any letter case, until something is committed") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "x.y.news.test"}));
    Lasting view(store);
    CHECK_FALSE(view.surely_unlisted("www.news.example"));
    CHECK(view.verdict("www.news.example") == "nothing at 1");
    for (const char* known : {"www.news.example", "news.example", "NEWS.eXample", "a.b.c.d.CDN.News.example"}) CHECK(view.surely_unlisted(known));
    for (const char* unknown : {"example", "hoax.example", "www.hoax.example", "newsnews.example", "news.test", "new.example"}) CHECK_FALSE(view.surely_unlisted(unknown));

    store.apply(make_order("B-2", {"a.b.news.example"}));
    CHECK_FALSE(view.snapshot.is_newest());
    view.use([](const ledger::Snapshot&) { return 0; });
    CHECK_FALSE(view.surely_unlisted("www.news.example"));
}

TEST_CASE("a subtree with something listed deep in it is known only beside that") {
    Store store;
    store.apply(make_order("B-1", {"x.y.news.test"}));
    Lasting view(store);
    CHECK(view.verdict("www.news.test") == "nothing at 1");
    CHECK(view.surely_unlisted("cdn.www.news.test"));
    CHECK(view.verdict("y.news.test") == "nothing at 1");
    CHECK(view.verdict("z.y.news.test") == "nothing at 1");
    for (const char* unknown : {"news.test", "y.news.test", "x.y.news.test", "w.x.y.news.test", "cdn.news.test"}) CHECK_FALSE(view.surely_unlisted(unknown));
}

TEST_CASE("what is no name is in no subtree, nor is a name whose key is written otherwise") {
    Store store;
    Lasting view(store);
    CHECK(view.verdict("www.news.example") == "nothing at 0");
    CHECK(view.surely_unlisted("www.news.example"));
    auto good = Lasting::wire_of("www.news.example");
    auto holds = [&](const Bytes& wire) { return view.snapshot.surely_unlisted(reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size()); };
    CHECK(holds(good));
    CHECK_FALSE(holds(good.substr(0, good.size() - 1)));
    CHECK_FALSE(holds(good + '\0'));
    CHECK_FALSE(holds(""));
    CHECK_FALSE(holds(Bytes(1, '\0')));
    CHECK_FALSE(holds("\x3f" "a"));
    CHECK_FALSE(holds(octets("\4news\2\1e\0")));
}

TEST_CASE("an order that was met before shows as revoked at the next renewal") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    Lasting view(store);
    auto index = view.use([](const ledger::Snapshot& s) { return *s.find_order("B-1"); });
    CHECK(view.use([&](const ledger::Snapshot& s) { return s.shared_order(index)->lifted; }) == policy::never);
    store.revoke("B-1");
    CHECK(view.use([&](const ledger::Snapshot& s) { return s.shared_order(index)->lifted; }) == noon);
}

TEST_CASE("an address listed later is counted") {
    Store store;
    Lasting view(store);
    CHECK(view.use([](const ledger::Snapshot& s) { return s.address_count(); }) == 0);
    CHECK((view.snapshot.surely_without_addresses() && view.snapshot.is_newest()));
    store.apply(make_order("B-1", {"203.0.113.0/28"}));
    CHECK_FALSE(view.snapshot.is_newest());
    CHECK(view.use([](const ledger::Snapshot& s) { return s.address_count(); }) == 1);
    CHECK_FALSE(view.snapshot.surely_without_addresses());
}

TEST_CASE("the edition is the same until something is committed, and no other view's") {
    Store store;
    Lasting view(store), other(store);
    auto before = view.use([](const ledger::Snapshot& s) { return s.edition(); });
    CHECK(view.use([](const ledger::Snapshot& s) { return s.edition(); }) == before);
    CHECK(other.use([](const ledger::Snapshot& s) { return s.edition(); }) != before);
    store.apply(make_order("B-1", {"hoax.example"}));
    CHECK(view.use([](const ledger::Snapshot& s) { return s.edition(); }) != before);
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
    int surely = 0;
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
            auto truth = store.view([&](const ledger::Snapshot& s) { return Lasting::said(s, asked); });
            REQUIRE(view.verdict(asked) == truth);
            if (view.surely_unlisted(asked)) {
                ++surely;
                REQUIRE(truth.rfind("nothing at ", 0) == 0);
                REQUIRE(truth.find("listed") == std::string::npos);
            }
        }
    }
    CHECK(surely > 100);
}
