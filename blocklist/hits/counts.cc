#include "hits/counts.h"

#include <algorithm>

#include "hits/client.h"
#include "name/lookup_key.h"

namespace saring {
std::size_t HitCounts::Hash::of(ByteView a, ByteView b, std::size_t c) {
    std::size_t h = std::hash<ByteView>()(a);
    for (std::size_t v : {std::hash<ByteView>()(b), c}) h ^= v + 0x9e3779b97f4a7c15u + (h << 6) + (h >> 2);
    return h;
}

bool HitCounts::add_order(const OrderKeyOf<ByteView>& k, std::uint64_t n) {
    if (auto at = orders_.find(k); at != orders_.end()) {
        at->second += n;
        return true;
    }
    bool room = orders_.size() < most;
    // Without room the region and the order are given up; hours and actions are few.
    orders_[room ? OrderKey{k.hour, std::string(k.order), std::string(k.region), k.action} : OrderKey{k.hour, "", "", k.action}] += n;
    return room;
}

bool HitCounts::add_name(const NameKeyOf<ByteView>& k, std::uint64_t n) {
    if (auto at = names_.find(k); at != names_.end()) {
        at->second += n;
        return true;
    }
    bool room = names_.size() < most;
    names_[room ? NameKey{k.hour, std::string(k.order), std::string(k.matched)} : NameKey{k.hour, "", ""}] += n;
    return room;
}

void HitCounts::add(Hour hour, ByteView order, ByteView matched, ByteView region, Action action, bool was_dropped) {
    bool kept = add_order({hour, order, region, action}, 1);
    kept &= add_name({hour, order, matched}, 1);
    ++total_;
    uncounted_ += !kept;
    if (!was_dropped) return;
    ++dropped_;
    ++dropped_hours_[hour];
}

void HitCounts::merge(const HitCounts& o) {
    std::uint64_t lost_order = 0, lost_name = 0;
    for (const auto& [k, n] : o.orders_)
        if (!add_order({k.hour, k.order, k.region, k.action}, n)) lost_order += n;
    for (const auto& [k, n] : o.names_)
        if (!add_name({k.hour, k.order, k.matched}, n)) lost_name += n;
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
