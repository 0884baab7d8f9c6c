// Hits counted by hour, in rows of two kinds: by order, region and action; by order and listed name. Bounded: beyond
// `max_rows` of a kind, hits are counted in a row without order and name, so the sums stay exact. Not thread-safe.
#pragma once

#include <map>
#include <vector>

#include "base/dictionary.h"
#include "hitlog/format.h"
#include "hitlog/hit.h"
#include "hitlog/packing.h"

namespace saring::hitlog {

struct CountsFrame;

class HitCounts {
public:
    explicit HitCounts(std::size_t max_rows) : max_rows_(max_rows) {}

    struct Key {
        Hour hour;
        ByteView order;  // id
        // The listed name in wire format; for trigger address a byte 0 and the stored form of the prefix.
        ByteView matched;
        ByteView region;
        Action action;
    };
    // Hits that have a record, and hits that have none.
    void add_recorded(const Key& key, std::uint64_t n = 1) { add(key, n, 0); }
    void add_dropped(const Key& key, std::uint64_t n = 1) { add(key, n, n); }
    void merge(const HitCounts& other);
    void merge(const CountsFrame& other);
    // Of since <= hour < until, for sums over many frames: the rows of orders and dropped hits; the rows of names, all
    // as of hour 0. Neither adds to total(), dropped() or uncounted().
    void add_orders(const CountsFrame& frame, Hour since, Hour until);
    void add_names(const CountsFrame& frame, Hour since, Hour until);
    void clear();  // keeps memory

    // Order and region, or order and name, are empty in the row of hits beyond max_rows.
    struct OrderRow {
        Hour hour;
        ByteView order, region;
        Action action;
        std::uint64_t n;
    };
    struct NameRow {
        Hour hour;
        ByteView order, matched;
        std::uint64_t n;
    };
    template <typename F>
    void each_order(F visit) const {
        for (const auto& r : orders_.rows)
            visit(OrderRow{r.hour, order_ids_[r.order], regions_[r.what], r.action, r.n});
    }
    template <typename F>
    void each_name(F visit) const {
        for (const auto& r : names_.rows) visit(NameRow{r.hour, order_ids_[r.order], matched_[r.what], r.n});
    }
    const std::map<Hour, std::uint64_t>& dropped_hours() const { return dropped_hours_; }
    // Copies rows of other counts, each kind separately. total(), dropped() and uncounted() do not change.
    void add_row(const OrderRow& r) { add(orders_, regions_, r.hour, r.order, r.region, r.action, r.n); }
    void add_row(const NameRow& r) { add(names_, matched_, r.hour, r.order, r.matched, Action{}, r.n); }
    void add_dropped_hour(Hour hour, std::uint64_t n) { dropped_hours_[hour] += n; }

    std::size_t rows() const { return orders_.rows.size() + names_.rows.size(); }
    std::uint64_t total() const { return total_; }
    std::uint64_t dropped() const { return dropped_; }      // of the total: without a record
    std::uint64_t uncounted() const { return uncounted_; }  // of the total: no room for a row of their order or name
    bool empty() const { return total_ == 0; }

    // A frame's payload. Its two parts are packed separately: a reader of orders does not unpack names.
    Bytes encode(Packer& packer, const std::string& instance) const;

private:
    friend struct CountsFrame;
    struct Row {
        Hour hour;
        std::uint32_t order, what;  // indexes into the dictionaries; what: a name or a region
        Action action;              // Action{} in a name's row
        std::uint64_t n;
        bool is(const Row& o) const {
            return what == o.what && order == o.order && hour == o.hour && action == o.action;
        }
        std::uint64_t hash() const;
    };
    struct Rows {
        std::vector<Row> rows;
        FlatIndex index;
        bool add(const Row& row, bool may_be_new);  // adds row.n; false: no such row, and it may not be new
    };
    void add(const Key& key, std::uint64_t n, std::uint64_t dropped);
    template <typename C>
    void merge_rows(const C& other);
    bool add(Rows& rows, Dictionary& values, Hour hour, ByteView order, ByteView what, Action action, std::uint64_t n);

    std::size_t max_rows_;
    Dictionary order_ids_, regions_, matched_;
    Rows orders_, names_;
    std::map<Hour, std::uint64_t> dropped_hours_;  // few: the hours of one batch of hits
    std::uint64_t total_ = 0, dropped_ = 0, uncounted_ = 0;
};

// Reads a payload of HitCounts::encode().
struct CountsFrame {
    enum class Part { orders, all };
    // Throws Error(database).
    CountsFrame(ByteView payload, Unpacker& unpacker, Part part);

    std::string instance;
    std::uint64_t total = 0, dropped = 0, uncounted = 0;
    std::map<Hour, std::uint64_t> dropped_hours;
    template <typename F>
    void each_order(F visit) const {
        for (const auto& r : orders_)
            visit(HitCounts::OrderRow{r.hour, order_ids_[r.order], regions_[r.what], r.action, r.n});
    }
    template <typename F>
    void each_name(F visit) const {
        for (const auto& r : names_) visit(HitCounts::NameRow{r.hour, order_ids_[r.order], matched_[r.what], r.n});
    }

private:
    friend class HitCounts;
    Unpacker::Plain first_, second_;
    std::vector<ByteView> order_ids_, regions_, matched_;
    std::vector<HitCounts::Row> orders_, names_;
};

// HitCounts::Key::matched.
Bytes matched_octets(Trigger trigger, const OwnerName& listed, const Prefix& prefix);
std::string matched_text(ByteView matched);

// Sums over all time. They must not fall when counts expire.
struct Totals {
    struct Instance {
        std::uint64_t recorded = 0, dropped = 0, uncounted = 0;
        Microseconds last = 0;  // of its hits
    };
    std::map<std::string, Instance> instances;
    std::map<std::pair<std::string, Action>, std::uint64_t> orders;

    template <typename C>  // HitCounts or CountsFrame
    void add(const std::string& instance, const C& counts, std::uint64_t total, std::uint64_t dropped,
             std::uint64_t uncounted, Microseconds last) {
        auto& i = instances[instance];
        i.recorded += total - dropped;
        i.dropped += dropped;
        i.uncounted += uncounted;
        i.last = std::max(i.last, last);
        counts.each_order([&](const HitCounts::OrderRow& r) { orders[{std::string(r.order), r.action}] += r.n; });
    }
    void add(const Totals& other);
    bool empty() const { return instances.empty(); }
    Bytes encode() const;
    static Totals decode(ByteView payload);  // throws Error(database)
};

}  // namespace saring::hitlog
