#include "hits/counts.h"

#include <algorithm>

#include "hits/client.h"
#include "name/lookup_key.h"

namespace saring::hits {

namespace {

// Kept of a name is its wire format, which only the root's begins with an octet 0.
Bytes kept_prefix(const Prefix& prefix) { return Bytes(1, '\0') + stored_client(prefix); }

}  // namespace

std::uint64_t HitCounts::Row::hash() const {
    // splitmix64's finish: close keys come to lie far apart.
    std::uint64_t h = (static_cast<std::uint64_t>(order) << 32 | what) + (hour * 16u + static_cast<unsigned>(action)) * 0x9e3779b97f4a7c15u;
    h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
    h = (h ^ h >> 27) * 0x94d049bb133111ebu;
    return h ^ h >> 31;
}

bool HitCounts::Rows::add(const Row& row, bool may_be_new) {
    auto hash = row.hash();
    if (auto at = index_.find(hash, [&](std::uint32_t i) { return rows_[i].is(row); }); at != FlatIndex::none) {
        rows_[at].n += row.n;
        return true;
    }
    if (!may_be_new) return false;
    index_.make_room(rows_.size(), [this](std::uint32_t i) { return rows_[i].hash(); });
    rows_.push_back(row);
    index_.put(hash, static_cast<std::uint32_t>(rows_.size() - 1));
    return true;
}

// Without room order and value are given up; hours and actions are few. False when that lost something.
bool HitCounts::add(Rows& rows, Dictionary& values, Hour hour, ByteView order, ByteView what, policy::Action action, std::uint64_t n) {
    bool full = rows.full();
    Row row{hour, full ? orders_.find(order) : orders_.number(order), full ? values.find(what) : values.number(what), action, n};
    if (row.order != Dictionary::none && row.what != Dictionary::none && rows.add(row, !full)) return true;
    rows.add({hour, orders_.number(""), values.number(""), action, n}, true);
    return order.empty();
}

void HitCounts::add(Hour hour, ByteView order, const Matched& matched, ByteView region, policy::Action action, bool was_dropped) {
    bool kept = add_order(hour, order, region, action, 1);
    kept &= matched.trigger == policy::Trigger::address ? add_name(hour, order, kept_prefix(matched.prefix), 1) : add_name(hour, order, matched.listed.wire(), 1);
    ++total_;
    uncounted_ += !kept;
    if (!was_dropped) return;
    ++dropped_;
    ++dropped_hours_[hour];
}

void HitCounts::merge(const HitCounts& o) {
    std::uint64_t lost_order = 0, lost_name = 0;
    o.each_order([&](const OrderCount& c) {
        if (!add_order(c.hour, o.orders_[c.order], c.region, c.action, c.n)) lost_order += c.n;
    });
    o.each_name([&](const NameCount& c) {
        if (!add_name(c.hour, o.orders_[c.order], c.matched, c.n)) lost_name += c.n;
    });
    for (const auto& [hour, n] : o.dropped_hours_) dropped_hours_[hour] += n;
    total_ += o.total_;
    dropped_ += o.dropped_;
    uncounted_ += o.uncounted_ + std::max(lost_order, lost_name);
}

void HitCounts::clear() { *this = HitCounts(); }

Bytes matched_key(ByteView matched) {
    if (matched.size() > 1 && matched[0] == '\0') return Bytes(matched);
    OwnerName name;  // of nothing: the root, whose key is empty too
    if (!matched.empty()) OwnerName::from_wire(reinterpret_cast<const std::uint8_t*>(matched.data()), matched.size(), name);
    return Bytes(LookupKey(name).view());
}

Bytes matched_key(policy::Trigger trigger, const OwnerName& listed, const Prefix& prefix) {
    return trigger == policy::Trigger::address ? kept_prefix(prefix) : Bytes(LookupKey(listed).view());
}

std::string matched_text(ByteView key) {
    if (key.empty()) return {};
    return key[0] == '\0' ? client_text(key.substr(1)) : name_of_key(key).to_string();
}

}  // namespace saring::hits
