// What the orders of a feed lift of one another. The ministry's directory holds every order that it ever
// published, so here, and nowhere else, it is certain whether a lift lifts something.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "config/config.h"
#include "order/revocation.h"

namespace saring::feed {

// Of `r`, what `lifting` order did it before: whether nothing of `lifted` is left for `r`.
bool is_lifted_by(const order::Revocation& r, const order::Order& lifted, const order::Order& lifting);

class FeedLifts {
public:
    // `directory`: the feed; orders that were withdrawn from it are looked for there when a lift names one.
    // `config` says which authority may lift orders of which, as it does for an ISP, and outlives this.
    FeedLifts(const config::Config& config, std::string directory, UnixTime now)
        : config_(config), directory_(std::move(directory)), now_(now) {}

    // An order that is in the feed, or about to be. The first of an id counts.
    void add(const order::Order& order) { orders_.try_emplace(order.id, order); }
    // Its lifts are in force for who follows the feed; each order once, in the order of publication.
    void count(const order::Order& order) { lifting_.push_back(order); }

    // Why a lift of this order, not counted yet, lifts nothing; empty when each lifts something.
    std::vector<Message> idle(const order::Order& order);
    // The order that ends last among those that it lifts and that have not ended: as long as that holds somewhere, its
    // lift must be found. Null when there is none.
    const order::Order* lasting(const order::Order& order);

private:
    const order::Order* find(const std::string& id);
    Message why_idle(const order::Order& order, const order::Revocation& r);
    void read_withdrawn();

    const config::Config& config_;
    std::string directory_;
    UnixTime now_;
    std::map<std::string, order::Order> orders_;
    std::vector<order::Order> lifting_;
    bool read_ = false;
};

}  // namespace saring::feed
