// Hits counted by hour, in memory: what a batch adds to the aggregates, and what a worker
// counts when its queue is full. Bounded: beyond `most` different keys the count goes to a
// coarser one, so that the sums stay exact.
#pragma once

#include <string>
#include <unordered_map>

#include "hits/hit.h"

namespace saring {

class HitCounts {
public:
    static constexpr std::size_t most = 100000;  // keys of each kind

    // One hit. `matched`: Hit::listed's lookup key, or an octet 0 and the stored prefix (schema.h).
    void add(Hour hour, ByteView order, ByteView matched, ByteView region, Action action, bool dropped);
    void merge(const HitCounts& other);
    void clear();

    struct OrderKey {
        Hour hour;
        std::string order, region;
        Action action;
        bool operator==(const OrderKey&) const = default;
    };
    struct NameKey {
        Hour hour;
        std::string order, matched;
        bool operator==(const NameKey&) const = default;
    };
    struct Hash {
        std::size_t operator()(const OrderKey& k) const;
        std::size_t operator()(const NameKey& k) const;
    };
    const std::unordered_map<OrderKey, std::uint64_t, Hash>& orders() const { return orders_; }
    const std::unordered_map<NameKey, std::uint64_t, Hash>& names() const { return names_; }
    const std::unordered_map<Hour, std::uint64_t>& dropped_hours() const { return dropped_hours_; }

    std::uint64_t total() const { return total_; }
    std::uint64_t dropped() const { return dropped_; }      // of the total: not recorded
    std::uint64_t uncounted() const { return uncounted_; }  // of the total: order or name could not be kept

private:
    bool add_order(const OrderKey& k, std::uint64_t n);
    bool add_name(const NameKey& k, std::uint64_t n);

    std::unordered_map<OrderKey, std::uint64_t, Hash> orders_;
    std::unordered_map<NameKey, std::uint64_t, Hash> names_;
    std::unordered_map<Hour, std::uint64_t> dropped_hours_;
    std::uint64_t total_ = 0, dropped_ = 0, uncounted_ = 0;
};

// What a hit matched, as the key of HitCounts and of name_hours.
Bytes matched_key(Trigger trigger, const OwnerName& listed, const Prefix& prefix);
std::string matched_text(ByteView key);

}  // namespace saring
