// Hits counted by hour: by order, region and action, and by order and listed name. Bounded: beyond `max_rows` of
// a kind the count goes to a row without order and name, so that the sums stay exact. Not thread-safe.
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
        ByteView
            matched;  // the listed name in wire format; for trigger address an octet 0 and the prefix's stored form
        ByteView region;
        Action action;
    };
    // Hits that have a record, and hits that have none.
    void add_recorded(const Key& key, std::uint64_t n = 1) { add(key, n, 0); }
    void add_dropped(const Key& key, std::uint64_t n = 1) { add(key, n, n); }
    void merge(const HitCounts& other);
    void merge(const CountsFrame& other);
    void clear();  // keeps memory

    // Order and region, or name, are empty where they could not be kept.
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
    // Of counts that were kept apart elsewhere: each kind by itself, and no sum.
    void add_row(const OrderRow& r) { add(orders_, regions_, r.hour, r.order, r.region, r.action, r.n); }
    void add_row(const NameRow& r) { add(names_, matched_, r.hour, r.order, r.matched, Action{}, r.n); }
    void add_dropped_hour(Hour hour, std::uint64_t n) { dropped_hours_[hour] += n; }

    std::size_t rows() const { return orders_.rows.size() + names_.rows.size(); }
    std::uint64_t total() const { return total_; }
    std::uint64_t dropped() const { return dropped_; }      // of the total: without a record
    std::uint64_t uncounted() const { return uncounted_; }  // of the total: order or name could not be kept
    bool empty() const { return total_ == 0; }

    // A frame's payload. Its two parts are packed apart: who asks for orders does not unpack names.
    Bytes encode(Packer& packer, const std::string& instance) const;

private:
    friend struct CountsFrame;
    struct Row {
        Hour hour;
        std::uint32_t order, what;  // numbers in the dictionaries; what: a name or a region
        Action action;              // of a name's row: always the same
        std::uint64_t n;
        bool is(const Row& o) const {
            return what == o.what && order == o.order && hour == o.hour && action == o.action;
        }
        std::uint64_t hash() const;
    };
    struct Rows {
        std::vector<Row> rows;
        FlatIndex index;
        bool add(const Row& row, bool may_be_new);  // its n; false: it is new and may not be
    };
    void add(const Key& key, std::uint64_t n, std::uint64_t dropped);
    template <typename C>
    void merge_rows(const C& other);
    bool add(Rows& rows, Dictionary& values, Hour hour, ByteView order, ByteView what, Action action, std::uint64_t n);

    std::size_t max_rows_;
    Dictionary order_ids_, regions_, matched_;
    Rows orders_, names_;
    std::map<Hour, std::uint64_t> dropped_hours_;  // few: hours in which a batch's hits lie
    std::uint64_t total_ = 0, dropped_ = 0, uncounted_ = 0;
};

// A payload that HitCounts::encode made. The same visits.
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
    Unpacker::Plain first_, second_;
    std::vector<ByteView> order_ids_, regions_, matched_;
    std::vector<HitCounts::Row> orders_, names_;
};

// `matched` of a key.
Bytes matched_octets(Trigger trigger, const OwnerName& listed, const Prefix& prefix);
std::string matched_text(ByteView matched);

// Sums over all time, for what must not fall when counts expire.
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
