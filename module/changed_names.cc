#include "changed_names.h"

#include <algorithm>

namespace saring {
namespace {

// Calls `visit` with the hash of each suffix of a name, from the top-level domain down, in lower case, until it
// returns true. Returns false if `wire` is no name.
template <typename F>
bool any_suffix_hash(const std::uint8_t* wire, std::size_t size, F visit) {
    std::array<std::uint8_t, OwnerName::max_labels> starts;
    std::size_t count = 0;
    for (std::size_t at = 0; at < size && wire[at] != 0; at += wire[at] + 1u) {
        if (count == starts.size() || at + wire[at] >= size) return false;
        starts[count++] = static_cast<std::uint8_t>(at);
    }
    std::uint64_t hash = 0xcbf29ce484222325;
    while (count-- > 0) {
        const std::uint8_t* label = wire + starts[count];
        for (std::size_t i = 0; i <= label[0]; ++i) {
            std::uint8_t octet = label[i];
            if (octet >= 'A' && octet <= 'Z') octet = static_cast<std::uint8_t>(octet + 32);
            hash = (hash ^ octet) * 0x100000001b3;  // FNV-1a
        }
        if (visit(hash)) return true;
    }
    return false;
}

std::uint64_t hash_of(const OwnerName& name) {
    std::uint64_t out = 0;
    any_suffix_hash(reinterpret_cast<const std::uint8_t*>(name.wire().data()), name.wire().size(),
                    [&](std::uint64_t h) {
                        out = h;
                        return false;
                    });
    return out;
}

std::size_t bit_of(std::uint64_t hash) { return static_cast<std::size_t>((hash * 0x9e3779b97f4a7c15) >> 48); }

// Whether the order may decide differently though its entries are the same. A change that only time brings is found
// when that time comes.
bool decides_differently(const policy::OrderRecord& was, const policy::OrderRecord& is, UnixTime now) {
    return was.in_force(now) != is.in_force(now) || was.action != is.action || was.regions != is.regions ||
           was.kind != is.kind || was.issued != is.issued || was.expires != is.expires || was.lifted != is.lifted;
}

}  // namespace

std::optional<ChangedNames> ChangedNames::between(const image::Image& before, const image::Image& after, UnixTime since,
                                                  UnixTime now) {
    ChangedNames out;
    bool few = true;
    auto add_name = [&](ByteView key) { return few = few && out.add(name_of_key(key)); };
    auto add_address = [&](const Prefix& prefix) { return few = few && out.add(prefix); };
    if (!after.each_changed_since(before.serial(), add_name, add_address) || !few) return std::nullopt;
    // Orders all of whose targets may be judged differently though their entries are the same.
    std::unordered_set<policy::OrderIndex> orders;
    auto was_reached = [&](UnixTime t) { return since < t && t <= now; };
    for (const auto& order : after.orders()) {
        const policy::OrderRecord& is = order->record;
        const image::ImageOrder* was = order->changed > before.serial() ? before.order(order->index) : nullptr;
        if (was_reached(is.effective) || was_reached(is.expires) || was_reached(is.lifted) ||
            (was && decides_differently(was->record, is, now)))
            orders.insert(order->index);
    }
    if (orders.empty()) return out;
    auto changed = out.names_;
    after.each_listed_by([&](policy::OrderIndex index) { return orders.count(index) > 0; }, add_name, add_address);
    if (few) return out;
    ChangedNames all;
    all.everything_ = true;
    all.names_ = std::move(changed);
    return all;
}

bool ChangedNames::add(const OwnerName& name) {
    if (name.is_root()) return false;  // every name is below it
    auto hash = hash_of(name);
    if (!hashes_.insert(hash).second) return true;
    if (hashes_.size() > max_names) return false;
    filter_[bit_of(hash) / 64] |= std::uint64_t{1} << bit_of(hash) % 64;
    if (hashes_.size() <= max_few_names) names_.push_back(name);
    else names_.clear();
    return true;
}

bool ChangedNames::add(const Prefix& address) {
    if (std::find(addresses_.begin(), addresses_.end(), address) != addresses_.end()) return true;
    addresses_.push_back(address);
    return addresses_.size() <= max_addresses;
}

bool ChangedNames::has(std::uint64_t hash) const {
    auto bit = bit_of(hash);
    return (filter_[bit / 64] >> bit % 64 & 1) && hashes_.find(hash) != hashes_.end();
}

bool ChangedNames::may_contain_ancestor(const std::uint8_t* wire, std::size_t size) const {
    return any_suffix_hash(wire, size, [&](std::uint64_t hash) { return has(hash); });
}

bool ChangedNames::contains(const Prefix& address) const {
    return std::any_of(addresses_.begin(), addresses_.end(), [&](const Prefix& p) { return p.contains(address); });
}

}  // namespace saring
