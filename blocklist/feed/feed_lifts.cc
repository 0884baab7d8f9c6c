#include "feed/feed_lifts.h"

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "base/sha256.h"
#include "order/order_limits.h"
#include "order/parse_stored_order.h"

namespace saring::feed {

bool is_lifted_by(const order::Revocation& r, const order::Order& lifted, const order::Order& lifting) {
    auto covered = [&](const OwnerName& name) {
        return std::any_of(lifting.revokes.begin(), lifting.revokes.end(),
                           [&](const auto& l) { return l.order == lifted.id && lifts(l, name); });
    };
    bool whole = std::any_of(lifting.revokes.begin(), lifting.revokes.end(),
                             [&](const auto& l) { return l.order == lifted.id && !l.domain; });
    if (whole) return true;
    if (!r.domain && !lifted.addresses.empty()) return false;
    return std::all_of(lifted.domains.begin(), lifted.domains.end(),
                       [&](const auto& d) { return !lifts(r, d.name) || covered(d.name); });
}

// Skips damaged files. The files are not authenticated, but nothing in them is signed here: at worst, a planted file
// lets a lift pass that lifts nothing.
void FeedLifts::read_withdrawn() {
    if (read_) return;
    read_ = true;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(directory_ + "/orders", ignored)) {
        auto path = entry.path();
        if (path.extension() != ".json" || !entry.is_regular_file(ignored)) continue;
        try {
            Bytes content = read_file(path.string());
            if (sha256_hex(content) == path.stem().string()) add(order::parse_stored_order(content, path.string()));
        } catch (const Error&) {}
    }
}

const order::Order* FeedLifts::find(const std::string& id) {
    auto at = orders_.find(id);
    if (at == orders_.end()) {
        read_withdrawn();
        at = orders_.find(id);
    }
    return at == orders_.end() ? nullptr : &at->second;
}

Message FeedLifts::why_idle(const order::Order& order, const order::Revocation& r) {
    const order::Order* lifted = find(r.order);
    if (!lifted || lifted->id == order.id) {
        std::vector<std::string> known;
        for (const auto& [id, o] : orders_)
            if (id != order.id) known.push_back(id);
        return order::why_unknown(r.order, msg("the feed"), known);
    }
    if (lifted->expires <= now_) return msg("order %1 expired %2", lifted->id, format_rfc3339(lifted->expires));
    if (!config_.safety.allows_lift(order.authority, lifted->authority))
        return msg("order %1 is of authority \"%2\", and ISPs refuse a lift by \"%3\" (safety.may_lift)", lifted->id,
                   lifted->authority, order.authority);
    if (auto why = why_nothing_is_lifted(r, *lifted); !why.empty()) return why;
    for (const auto& other : lifting_)
        if (is_lifted_by(r, *lifted, other)) return msg("%1 is lifted already by order %2", in_words(r), other.id);
    return {};
}

std::vector<Message> FeedLifts::idle(const order::Order& order) {
    std::vector<Message> out;
    for (const auto& r : order.revokes)
        if (auto why = why_idle(order, r); !why.empty()) out.push_back(why);
    return out;
}

const order::Order* FeedLifts::lasting(const order::Order& order) {
    const order::Order* out = nullptr;
    for (const auto& r : order.revokes)
        if (const order::Order* lifted = find(r.order);
            lifted && lifted->expires > now_ && (!out || lifted->expires > out->expires))
            out = lifted;
    return out;
}

}  // namespace saring::feed
