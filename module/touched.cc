#include "touched.h"

#include <algorithm>

#include "order/kept_order.h"

namespace saring {
namespace {

constexpr std::size_t most_octets = 8u << 20;  // of a commit's changes, compressed

// Of each suffix of a name, from the top-level domain down, letter case aside. `visit`
// ends the walk by returning true. Octets that are no name end it too.
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
    any_suffix_hash(reinterpret_cast<const std::uint8_t*>(name.wire().data()), name.wire().size(), [&](std::uint64_t h) {
        out = h;
        return false;
    });
    return out;
}

std::size_t bit_of(std::uint64_t hash) { return static_cast<std::size_t>((hash * 0x9e3779b97f4a7c15) >> 48); }

// Whether it may decide otherwise than before, its entries being the same. What comes
// with time alone is found when that time comes.
bool counts_otherwise(const policy::OrderRecord& was, const policy::OrderRecord& is, UnixTime now) {
    if (!is.in_force(now) && was.action != policy::Action::passthru) return false;  // blocks no more
    return was.in_force(now) != is.in_force(now) || was.action != is.action || was.regions != is.regions || was.kind != is.kind;
}

}  // namespace

std::optional<Touched> Touched::between(const ledger::Snapshot& snapshot, std::uint64_t after, std::uint64_t until, UnixTime since, UnixTime now) {
    Touched out;
    for (auto serial = after + 1; serial <= until; ++serial)
        if (!out.add_commit(snapshot, serial, now)) return std::nullopt;
    std::vector<policy::OrderIndex> due;
    auto came = [&](UnixTime t) { return since < t && t <= now; };
    snapshot.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
        // What ceases to block leaves nothing to evict; what ceases to pass may.
        if (came(r.effective) || (r.action == policy::Action::passthru && (came(r.expires) || came(r.lifted)))) due.push_back(index);
    });
    if (due.size() > most_due) return std::nullopt;
    for (auto index : due)
        if (!out.add_order(snapshot, index)) return std::nullopt;
    return out;
}

bool Touched::add_commit(const ledger::Snapshot& snapshot, std::uint64_t serial, UnixTime now) {
    auto value = snapshot.transaction().get(snapshot.tables().changes, be64(serial));
    if (!value || value->size() > most_octets) return false;
    ledger::Changes changes = ledger::decode_changes(*value);
    if (!changes.whole_lists_added.empty()) return false;
    for (const auto& e : changes.entries)
        if (!(e.address ? add(prefix_of_key(e.key)) : add(name_of_key(e.key)))) return false;
    // A list that only changes its action leaves its entries where they are.
    for (const auto& r : changes.records) {
        if (r.table != ledger::RecordTable::orders || !r.image) continue;
        auto after = snapshot.transaction().get(snapshot.tables().orders, r.key);
        if (!after || !counts_otherwise(ledger::decode_order_record(*r.image), ledger::decode_order_record(*after), now)) continue;
        if (!add_order(snapshot, static_cast<policy::OrderIndex>(from_be(r.key)))) return false;
    }
    return true;
}

// What the order lists may be less by now than its document says, never more.
bool Touched::add_order(const ledger::Snapshot& snapshot, policy::OrderIndex index) {
    auto document = snapshot.document(index);
    if (!document) return false;  // a list
    try {
        order::Order order = order::parse_kept_order(document->content, "order");
        for (const auto& target : order.domains)
            if (!add(target.name)) return false;
        for (const auto& prefix : order.addresses)
            if (!add(prefix)) return false;
    } catch (const Error&) {
        return false;  // a format of another version: walk for everything
    }
    return true;
}

bool Touched::add(const OwnerName& name) {
    if (name.is_root()) return false;  // all there is
    auto hash = hash_of(name);
    if (!hashes_.insert(hash).second) return true;
    if (hashes_.size() > most_names) return false;
    filter_[bit_of(hash) / 64] |= std::uint64_t{1} << bit_of(hash) % 64;
    if (hashes_.size() <= most_hottest)
        names_.push_back(name);
    else
        names_.clear();
    return true;
}

bool Touched::add(const Prefix& address) {
    if (std::find(addresses_.begin(), addresses_.end(), address) != addresses_.end()) return true;
    addresses_.push_back(address);
    return addresses_.size() <= most_addresses;
}

bool Touched::has(std::uint64_t hash) const {
    auto bit = bit_of(hash);
    return (filter_[bit / 64] >> bit % 64 & 1) && hashes_.find(hash) != hashes_.end();
}

bool Touched::may_contain_ancestor(const std::uint8_t* wire, std::size_t size) const {
    return any_suffix_hash(wire, size, [&](std::uint64_t hash) { return has(hash); });
}

bool Touched::contains(const Prefix& address) const {
    return std::any_of(addresses_.begin(), addresses_.end(), [&](const Prefix& p) { return p.contains(address); });
}

}  // namespace saring
