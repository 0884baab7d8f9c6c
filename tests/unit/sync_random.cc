// Whatever is published, withdrawn, revoked and left to expire, in whatever order an ISP
// gets to see it: it blocks exactly what a live order lists. The model below knows orders
// and times only, neither feeds nor tables.
#include "feed_support.h"
#include "policy/decide.h"

namespace saring::test {
namespace {

constexpr std::size_t pool = 24;  // few names, so that orders share them

std::string pool_name(std::size_t n) { return "n" + std::to_string(n) + ".example"; }

struct ModelOrder {
    std::set<std::size_t> names;
    std::set<std::string> lifts;  // ids, whole
    UnixTime expires = 0;
    bool published = true;  // in the manifest now
};

struct Model {
    std::map<std::string, ModelOrder> issued;
    std::set<std::string> arrived, lifted;  // at the ISP

    void synchronised(UnixTime now) {
        for (auto& [id, order] : issued)
            if (order.published && order.expires > now) arrived.insert(id);
        for (const auto& id : arrived)
            for (const auto& other : issued.at(id).lifts) lifted.insert(other);
    }
    std::set<std::size_t> blocked(UnixTime now) const {
        std::set<std::size_t> out;
        for (const auto& id : arrived)
            if (const auto& o = issued.at(id); !lifted.count(id) && now < o.expires) out.insert(o.names.begin(), o.names.end());
        return out;
    }
};

std::set<std::size_t> blocked(const Store& store, UnixTime now) {
    return store.view([&](const Snapshot& s) {
        std::set<std::size_t> out;
        Circumstances c;
        c.now = now;
        for (std::size_t n = 0; n < pool; ++n) {
            bool apex = decide(s, name(pool_name(n)), c).outcome == Outcome::block;
            bool below = decide(s, name("www." + pool_name(n)), c).outcome == Outcome::block;
            CHECK(apex == below);
            if (apex) out.insert(n);
        }
        return out;
    });
}

class Run {
public:
    explicit Run(std::uint32_t seed) : random_(seed) {}

    void go() {
        feed_.publish({}, now_);
        for (int step = 0; step < 60; ++step) {
            now_ += static_cast<UnixTime>(random_.below(3)) * day;
            switch (random_.below(4)) {
                case 0: issue(); break;
                case 1: revoke(); break;
                case 2: withdraw(); break;
                case 3: synchronise(); break;
            }
            // Also between synchronisations: orders end on time by themselves.
            REQUIRE(blocked(feed_.store, now_) == model_.blocked(now_));
        }
        synchronise();
        REQUIRE(blocked(feed_.store, now_) == model_.blocked(now_));
    }

private:
    std::string next_id() { return "B-" + std::to_string(model_.issued.size() + 1); }

    void publish(Order order, ModelOrder modelled) {
        order.issued = order.effective = now_;
        order.expires = modelled.expires;
        // Expired ones leave at every publication.
        for (auto& [id, o] : model_.issued) o.published = o.published && o.expires > now_;
        feed_.publish({feed_.draft(order)}, now_);
        model_.issued[order.id] = std::move(modelled);
    }
    void issue() {
        ModelOrder m;
        std::vector<std::string> targets;
        for (auto n = random_.between(1, 6); n > 0; --n) m.names.insert(random_.below(pool));
        for (auto n : m.names) targets.push_back(pool_name(n));
        m.expires = now_ + static_cast<UnixTime>(random_.between(1, 40)) * day;
        publish(make_order(next_id(), targets), m);
    }
    void revoke() {
        ModelOrder m;
        m.expires = now_ + static_cast<UnixTime>(random_.between(1, 40)) * day;
        auto order = make_order(next_id(), {});
        // Of orders that came, that did not come yet, and of one that is yet to be issued.
        for (int i = 0; i < 2; ++i) m.lifts.insert("B-" + std::to_string(random_.between(1, model_.issued.size() + 3)));
        m.lifts.erase(order.id);
        if (m.lifts.empty()) return;
        for (const auto& id : m.lifts) order.revokes.push_back({id, std::nullopt});
        publish(order, m);
    }
    void withdraw() {
        std::vector<std::string> published;
        for (auto& [id, o] : model_.issued)
            if (o.published) published.push_back(id);
        if (published.empty()) return;
        auto id = random_.pick(published);
        feed_.publish({}, now_, {id});
        for (auto& [other, o] : model_.issued) o.published = o.published && o.expires > now_ && other != id;
    }
    void synchronise() {
        auto report = feed_.sync(now_);
        if (report.failure) FAIL(report.failure->what());
        // Those that expired between publication and synchronisation, and no others.
        std::set<std::string> refused, late;
        for (const auto& item : report.items)
            if (item.outcome == SyncItem::Outcome::refused) refused.insert(item.order);
        for (const auto& [id, o] : model_.issued)
            if (o.published && o.expires <= now_ && !model_.arrived.count(id)) late.insert(id);
        CHECK(refused == late);
        model_.synchronised(now_);
    }

    Random random_;
    FollowedFeed feed_;
    Model model_;
    UnixTime now_ = noon;
};

}  // namespace

TEST_CASE("Random publications and revocations and expiries leave blocked what a live order lists") {
    for (std::uint32_t seed = 1; seed <= 12; ++seed) {
        INFO("seed " << seed);
        Run(seed).go();
    }
}

}  // namespace saring::test
