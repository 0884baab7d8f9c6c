// Whatever is published, withdrawn, revoked and expires, in whatever sequence an ISP sees it, the ISP blocks exactly
// the names that orders in force list. The model below has only orders and times, neither feeds nor tables.
#include <array>

#include "feed_support.h"
#include "ledger/decide.h"

namespace saring::test::sync_random_test {
namespace {

constexpr std::size_t pool = 24;  // few names, so that orders share them

std::string pool_name(std::size_t n) { return "n" + std::to_string(n) + ".example"; }

struct ModelOrder {
    std::set<std::size_t> names;
    std::set<std::string> lifts;  // ids of orders lifted whole
    UnixTime expires = 0;
    bool published = true;  // in the manifest now
};

using Issued = std::map<std::string, ModelOrder>;

// Whether the order lifts an order that has not ended.
bool has_something_to_lift(const Issued& issued, const ModelOrder& order, UnixTime now) {
    return std::any_of(order.lifts.begin(), order.lifts.end(),
                       [&](const auto& id) { return issued.count(id) && issued.at(id).expires > now; });
}

// Whether feed publish must refuse the order because it lifts nothing.
bool lifts_nothing(const Issued& issued, const std::string& id, UnixTime now) {
    if (!issued.count(id) || issued.at(id).names.empty() || issued.at(id).expires <= now) return true;
    return std::any_of(issued.begin(), issued.end(),
                       [&](const auto& o) { return o.second.published && o.second.lifts.count(id); });
}

struct Isp {
    Store store;
    std::set<std::string> arrived, lifted;

    void synchronised(const Issued& issued, UnixTime now) {
        for (auto& [id, order] : issued)
            if (order.published && (order.expires > now || !order.lifts.empty())) arrived.insert(id);
        for (const auto& id : arrived)
            for (const auto& other : issued.at(id).lifts) lifted.insert(other);
    }
    std::set<std::size_t> blocked(const Issued& issued, UnixTime now) const {
        std::set<std::size_t> out;
        for (const auto& id : arrived)
            if (const auto& o = issued.at(id); !lifted.count(id) && now < o.expires)
                out.insert(o.names.begin(), o.names.end());
        return out;
    }
};

std::set<std::size_t> blocked(const Store& store, UnixTime now) {
    return store.view([&](const ledger::Snapshot& s) {
        std::set<std::size_t> out;
        policy::Circumstances c;
        c.now = now;
        for (std::size_t n = 0; n < pool; ++n) {
            bool apex = decide(s, name(pool_name(n)), c).outcome == policy::Outcome::block;
            bool below = decide(s, name("www." + pool_name(n)), c).outcome == policy::Outcome::block;
            CHECK(apex == below);
            if (apex) out.insert(n);
        }
        return out;
    });
}

class Run {
public:
    Run(std::uint32_t seed, bool withdrawals) : random_(seed), withdrawals_(withdrawals) {
        for (auto& isp : isps_) isp.store.config.trust = feed_.store.config.trust;
    }

    void go() {
        feed_.publish({}, now_);
        for (int step = 0; step < 60; ++step) {
            now_ += static_cast<UnixTime>(random_.below(3)) * day;
            switch (random_.below(5)) {
                case 0: issue(); break;
                case 1: revoke(); break;
                case 2: withdraw(); break;
                default: synchronise(isps_[random_.below(isps_.size())]);  // each at its own times
            }
            // Also checked between synchronisations: orders end on time without one.
            for (auto& isp : isps_) REQUIRE(blocked(isp.store, now_) == isp.blocked(issued_, now_));
        }
        for (auto& isp : isps_) synchronise(isp);
        for (auto& isp : isps_) {
            REQUIRE(blocked(isp.store, now_) == isp.blocked(issued_, now_));
            if (!withdrawals_) REQUIRE(blocked(isp.store, now_) == blocked(isps_[0].store, now_));
        }
    }

private:
    std::string next_id() { return "B-" + std::to_string(issued_.size() + 1); }

    void drop_expired() {
        for (auto& [id, o] : issued_)
            o.published = o.published && (o.expires > now_ || has_something_to_lift(issued_, o, now_));
    }
    void publish(order::Order order, ModelOrder modelled) {
        order.issued = order.effective = now_;
        order.expires = modelled.expires;
        drop_expired();
        feed_.publish({feed_.draft(order)}, now_);
        issued_[order.id] = std::move(modelled);
    }
    void issue() {
        ModelOrder m;
        std::vector<std::string> targets;
        for (auto n = random_.between(1, 6); n > 0; --n) m.names.insert(random_.below(pool));
        for (auto n : m.names) targets.push_back(pool_name(n));
        m.expires = now_ + static_cast<UnixTime>(random_.between(1, 40)) * day;
        publish(make_order(next_id(), targets), m);
    }
    // Lifts of orders in force, ended, withdrawn or lifting ones, and of one that is not issued yet.
    void revoke() {
        ModelOrder m;
        m.expires = now_ + static_cast<UnixTime>(random_.between(1, 15)) * day;
        auto order = make_order(next_id(), {});
        for (int i = 0; i < 2; ++i) {
            auto id = "B-" + std::to_string(random_.between(1, issued_.size() + 3));
            if (!lifts_nothing(issued_, id, now_)) {
                m.lifts.insert(id);
                continue;
            }
            auto idle = order;
            idle.issued = idle.effective = now_;
            idle.expires = m.expires;
            idle.revokes = {{id, std::nullopt}};
            CHECK_THROWS_AS(feed_.publish({feed_.draft(idle)}, now_), Error);
        }
        if (m.lifts.empty()) return;
        for (const auto& id : m.lifts) order.revokes.push_back({id, std::nullopt});
        publish(order, m);
    }
    void withdraw() {
        std::vector<std::string> published;
        for (auto& [id, o] : issued_)
            if (o.published) published.push_back(id);
        if (published.empty() || !withdrawals_) return;
        auto id = random_.pick(published);
        if (has_something_to_lift(issued_, issued_.at(id), now_)) {
            CHECK_THROWS_AS(feed_.publish({}, now_, {id}), Error);
            return;
        }
        feed_.publish({}, now_, {id});
        issued_.at(id).published = false;
        drop_expired();
    }
    void synchronise(Isp& isp) {
        auto report =
            feed::sync_feed({isp.store.config, feed_.feed, isp.store.db, now_, feed_.progress}, "tester", false);
        if (report.failure) FAIL(report.failure->what());
        // Refused: exactly those that expired between publication and synchronisation and lift nothing.
        std::set<std::string> refused, late;
        for (const auto& item : report.items)
            if (item.outcome == feed::SyncItem::Outcome::refused) refused.insert(item.order);
        for (const auto& [id, o] : issued_)
            if (o.published && o.expires <= now_ && o.lifts.empty() && !isp.arrived.count(id)) late.insert(id);
        CHECK(refused == late);
        isp.synchronised(issued_, now_);
    }

    Random random_;
    bool withdrawals_;
    FollowedFeed feed_;
    std::array<Isp, 3> isps_;
    Issued issued_;
    UnixTime now_ = noon;
};

}  // namespace

TEST_CASE("After random publications, revocations and expiries exactly the names of orders in force are blocked") {
    for (std::uint32_t seed = 1; seed <= 8; ++seed) {
        INFO("seed " << seed);
        Run(seed, true).go();
    }
}

TEST_CASE("ISPs that synchronise at different times, even after lifts have expired, block the same names") {
    for (std::uint32_t seed = 101; seed <= 108; ++seed) {
        INFO("seed " << seed);
        Run(seed, false).go();
    }
}

}  // namespace saring::test::sync_random_test
