// Hits counted by hour, in memory: what a batch adds to the aggregates, and what a worker
// counts when its queue is full. Bounded: beyond `most` different keys the count goes to a
// coarser one, so that the sums stay exact. Not thread-safe.
#pragma once

#include <map>
#include <vector>

#include "base/dictionary.h"
#include "hits/hit.h"

namespace saring::hits {

class HitCounts {
public:
    static constexpr std::size_t most = 100000;  // keys of each kind

    // What a hit matched: the listed name, or for trigger address the prefix.
    struct Matched {
        policy::Trigger trigger;
        const OwnerName& listed;
        const Prefix& prefix;
    };
    // One hit.
    void add(Hour hour, ByteView order, const Matched& matched, ByteView region, policy::Action action, bool dropped);
    void merge(const HitCounts& other);
    void clear();

    // Order and region, or name, are empty where they could not be kept.
    struct OrderCount {
        Hour hour;
        std::uint32_t order;  // see orders()
        ByteView region;
        policy::Action action;
        std::uint64_t n;
    };
    struct NameCount {
        Hour hour;
        std::uint32_t order;
        ByteView matched;  // see matched_key
        std::uint64_t n;
    };
    template <typename F>
    void each_order(F visit) const {
        order_rows_.each([&](const Row& r) { visit(OrderCount{r.hour, r.order, regions_[r.what], r.action, r.n}); });
    }
    template <typename F>
    void each_name(F visit) const {
        name_rows_.each([&](const Row& r) { visit(NameCount{r.hour, r.order, matched_[r.what], r.n}); });
    }
    const Dictionary& orders() const { return orders_; }  // ids
    std::size_t names() const { return name_rows_.size(); }
    const std::map<Hour, std::uint64_t>& dropped_hours() const { return dropped_hours_; }

    std::uint64_t total() const { return total_; }
    std::uint64_t dropped() const { return dropped_; }      // of the total: not recorded
    std::uint64_t uncounted() const { return uncounted_; }  // of the total: order or name could not be kept

private:
    struct Row {
        Hour hour;
        std::uint32_t order, what;  // numbers in the dictionaries; what: a name or a region
        policy::Action action;              // of a name's row: always the same
        std::uint64_t n;
        bool is(const Row& o) const { return what == o.what && order == o.order && hour == o.hour && action == o.action; }
        std::uint64_t hash() const;
    };
    class Rows {
    public:
        bool add(const Row& row, bool may_be_new);  // its n; false: it is new and may not be
        bool full() const { return rows_.size() >= most; }
        std::size_t size() const { return rows_.size(); }
        template <typename F>
        void each(F visit) const {
            for (const auto& r : rows_) visit(r);
        }

    private:
        std::vector<Row> rows_;
        FlatIndex index_;
    };
    bool add_order(Hour hour, ByteView order, ByteView region, policy::Action action, std::uint64_t n) { return add(order_rows_, regions_, hour, order, region, action, n); }
    bool add_name(Hour hour, ByteView order, ByteView matched, std::uint64_t n) { return add(name_rows_, matched_, hour, order, matched, policy::Action{}, n); }
    bool add(Rows& rows, Dictionary& values, Hour hour, ByteView order, ByteView what, policy::Action action, std::uint64_t n);

    Dictionary orders_, regions_, matched_;
    Rows order_rows_, name_rows_;
    std::map<Hour, std::uint64_t> dropped_hours_;  // few: hours in which a batch's hits lie
    std::uint64_t total_ = 0, dropped_ = 0, uncounted_ = 0;
};

// What a hit matched, as the key of name_hours: a listed name's lookup key; for trigger
// address an octet 0 and the listed prefix's stored form.
Bytes matched_key(policy::Trigger trigger, const OwnerName& listed, const Prefix& prefix);
Bytes matched_key(ByteView matched);  // of a NameCount
std::string matched_text(ByteView key);

}  // namespace saring::hits
