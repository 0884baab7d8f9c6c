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

    // Text: std::string for what is kept, ByteView for what is looked for.
    template <typename Text>
    struct OrderKeyOf {
        Hour hour;
        Text order, region;
        Action action;
    };
    template <typename Text>
    struct NameKeyOf {
        Hour hour;
        Text order, matched;
    };
    using OrderKey = OrderKeyOf<std::string>;
    using NameKey = NameKeyOf<std::string>;
    struct Hash {
        using is_transparent = void;
        template <typename Text>
        std::size_t operator()(const OrderKeyOf<Text>& k) const { return of(k.order, k.region, k.hour * 8u + static_cast<std::size_t>(k.action)); }
        template <typename Text>
        std::size_t operator()(const NameKeyOf<Text>& k) const { return of(k.order, k.matched, k.hour); }
        static std::size_t of(ByteView a, ByteView b, std::size_t c);
    };
    struct Equal {
        using is_transparent = void;
        template <typename A, typename B>
        bool operator()(const OrderKeyOf<A>& a, const OrderKeyOf<B>& b) const {
            return a.hour == b.hour && a.action == b.action && a.region == b.region && a.order == b.order;
        }
        template <typename A, typename B>
        bool operator()(const NameKeyOf<A>& a, const NameKeyOf<B>& b) const {
            return a.hour == b.hour && a.matched == b.matched && a.order == b.order;
        }
    };
    template <typename Key>
    using Map = std::unordered_map<Key, std::uint64_t, Hash, Equal>;
    const Map<OrderKey>& orders() const { return orders_; }
    const Map<NameKey>& names() const { return names_; }
    const std::unordered_map<Hour, std::uint64_t>& dropped_hours() const { return dropped_hours_; }

    std::uint64_t total() const { return total_; }
    std::uint64_t dropped() const { return dropped_; }      // of the total: not recorded
    std::uint64_t uncounted() const { return uncounted_; }  // of the total: order or name could not be kept

private:
    bool add_order(const OrderKeyOf<ByteView>& k, std::uint64_t n);
    bool add_name(const NameKeyOf<ByteView>& k, std::uint64_t n);

    Map<OrderKey> orders_;
    Map<NameKey> names_;
    std::unordered_map<Hour, std::uint64_t> dropped_hours_;
    std::uint64_t total_ = 0, dropped_ = 0, uncounted_ = 0;
};

// What a hit matched, as the key of HitCounts and of name_hours.
Bytes matched_key(Trigger trigger, const OwnerName& listed, const Prefix& prefix);
std::string matched_text(ByteView key);

}  // namespace saring
