#include "hits/counts.h"

#include <algorithm>

#include "hits/client.h"
#include "name/lookup_key.h"

namespace saring {
namespace {

void mix(std::size_t& h, std::size_t v) { h ^= v + 0x9e3779b97f4a7c15u + (h << 6) + (h >> 2); }

}  // namespace

std::size_t HitCounts::Hash::operator()(const OrderKey& k) const {
    std::size_t h = std::hash<std::string>()(k.order);
    mix(h, std::hash<std::string>()(k.region));
    mix(h, k.hour * 8u + static_cast<std::size_t>(k.action));
    return h;
}

std::size_t HitCounts::Hash::operator()(const NameKey& k) const {
    std::size_t h = std::hash<std::string>()(k.matched);
    mix(h, std::hash<std::string>()(k.order));
    mix(h, k.hour);
    return h;
}

bool HitCounts::add_order(const OrderKey& k, std::uint64_t n) {
    if (auto at = orders_.find(k); at != orders_.end()) {
        at->second += n;
        return true;
    }
    bool room = orders_.size() < most;
    // Without room the region and the order are given up; hours and actions are few.
    orders_[room ? k : OrderKey{k.hour, "", "", k.action}] += n;
    return room;
}

bool HitCounts::add_name(const NameKey& k, std::uint64_t n) {
    if (auto at = names_.find(k); at != names_.end()) {
        at->second += n;
        return true;
    }
    bool room = names_.size() < most;
    names_[room ? k : NameKey{k.hour, "", ""}] += n;
    return room;
}

void HitCounts::add(Hour hour, ByteView order, ByteView matched, ByteView region, Action action, bool was_dropped) {
    bool kept = add_order({hour, std::string(order), std::string(region), action}, 1);
    kept &= add_name({hour, std::string(order), std::string(matched)}, 1);
    ++total_;
    uncounted_ += !kept;
    if (!was_dropped) return;
    ++dropped_;
    ++dropped_hours_[hour];
}

void HitCounts::merge(const HitCounts& o) {
    std::uint64_t lost_order = 0, lost_name = 0;
    for (const auto& [k, n] : o.orders_)
        if (!add_order(k, n)) lost_order += n;
    for (const auto& [k, n] : o.names_)
        if (!add_name(k, n)) lost_name += n;
    for (const auto& [hour, n] : o.dropped_hours_) dropped_hours_[hour] += n;
    total_ += o.total_;
    dropped_ += o.dropped_;
    uncounted_ += o.uncounted_ + std::max(lost_order, lost_name);
}

void HitCounts::clear() { *this = HitCounts(); }

Bytes matched_key(Trigger trigger, const OwnerName& listed, const Prefix& prefix) {
    if (trigger == Trigger::address) return Bytes(1, '\0') + stored_client(prefix);
    return Bytes(LookupKey(listed).view());
}

std::string matched_text(ByteView key) {
    if (key.empty()) return {};
    return key[0] == '\0' ? client_text(key.substr(1)) : name_of_key(key).to_string();
}

}  // namespace saring
