// Checks which orders of a feed lift which. The publisher's directory has every order ever published, so only here can
// it be decided for certain whether a lift lifts something.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "config/config.h"
#include "order/revocation.h"

namespace saring::feed {

// Whether `lifting` already lifts everything of `lifted` that `r` names.
bool is_lifted_by(const order::Revocation& r, const order::Order& lifted, const order::Order& lifting);

class FeedLifts {
public:
    // `directory`: the feed's; withdrawn orders are looked up there when a lift names one.
    // `config` has safety.may_lift, and must outlive this object.
    FeedLifts(const config::Config& config, std::string directory, UnixTime now)
        : config_(config), directory_(std::move(directory)), now_(now) {}

    // An order in the feed or about to be added. If an id occurs twice, the first one counts.
    void add(const order::Order& order) { orders_.try_emplace(order.id, order); }
    // Counts the order's lifts as in force; call once for each order, in the order of publication.
    void count(const order::Order& order) { lifting_.push_back(order); }

    // Reasons why lifts of this order, which was not counted yet, lift nothing; empty when each lifts something.
    std::vector<Message> idle(const order::Order& order);
    // Of the orders that it lifts and that have not ended, the one that ends last: until then the lift must stay in the
    // feed. Null when there is none.
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
