#include "hitlog/counts.h"

#include <algorithm>

#include "hitlog/client.h"
#include "hitlog/varint.h"

namespace saring::hitlog {

std::uint64_t HitCounts::Row::hash() const {
    // The finalizer of splitmix64: similar keys get very different hashes.
    std::uint64_t h = (static_cast<std::uint64_t>(order) << 32 | what) +
                      (hour * 16u + static_cast<unsigned>(action)) * 0x9e3779b97f4a7c15u;
    h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
    h = (h ^ h >> 27) * 0x94d049bb133111ebu;
    return h ^ h >> 31;
}

bool HitCounts::Rows::add(const Row& row, bool may_be_new) {
    auto hash = row.hash();
    if (auto at = index.find(hash, [&](std::uint32_t i) { return rows[i].is(row); }); at != FlatIndex::none) {
        rows[at].n += row.n;
        return true;
    }
    if (!may_be_new) return false;
    index.make_room(rows.size(), [this](std::uint32_t i) { return rows[i].hash(); });
    rows.push_back(row);
    index.put(hash, static_cast<std::uint32_t>(rows.size() - 1));
    return true;
}

// When the table is full, counts in a row without order and value: hours and actions are few. Returns false if that
// loses the order.
bool HitCounts::add(Rows& rows, Dictionary& values, Hour hour, ByteView order, ByteView what, Action action,
                    std::uint64_t n) {
    bool full = rows.rows.size() >= max_rows_;
    Row row{hour, full ? order_ids_.find(order) : order_ids_.number(order),
            full ? values.find(what) : values.number(what), action, n};
    if (row.order != Dictionary::none && row.what != Dictionary::none && rows.add(row, !full)) return true;
    rows.add({hour, order_ids_.number(""), values.number(""), action, n}, true);
    return order.empty();
}

void HitCounts::add(const Key& k, std::uint64_t n, std::uint64_t dropped) {
    bool kept = add(orders_, regions_, k.hour, k.order, k.region, k.action, n);
    kept &= add(names_, matched_, k.hour, k.order, k.matched, Action{}, n);
    total_ += n;
    if (!kept) uncounted_ += n;
    if (dropped == 0) return;
    dropped_ += dropped;
    dropped_hours_[k.hour] += dropped;
}

template <typename C>
void HitCounts::merge_rows(const C& o) {
    std::uint64_t lost_order = 0, lost_name = 0;
    o.each_order([&](const OrderRow& r) {
        if (!add(orders_, regions_, r.hour, r.order, r.region, r.action, r.n)) lost_order += r.n;
    });
    o.each_name([&](const NameRow& r) {
        if (!add(names_, matched_, r.hour, r.order, r.matched, Action{}, r.n)) lost_name += r.n;
    });
    uncounted_ += std::max(lost_order, lost_name);
}

void HitCounts::merge(const HitCounts& o) {
    merge_rows(o);
    for (const auto& [hour, n] : o.dropped_hours_) dropped_hours_[hour] += n;
    total_ += o.total_;
    dropped_ += o.dropped_;
    uncounted_ += o.uncounted_;
}

void HitCounts::merge(const CountsFrame& o) {
    merge_rows(o);
    for (const auto& [hour, n] : o.dropped_hours) dropped_hours_[hour] += n;
    total_ += o.total;
    dropped_ += o.dropped;
    uncounted_ += o.uncounted;
}

void HitCounts::clear() {
    for (auto* d : {&order_ids_, &regions_, &matched_}) d->clear();
    for (auto* r : {&orders_, &names_}) {
        r->rows.clear();
        r->index.clear();
    }
    dropped_hours_.clear();
    total_ = dropped_ = uncounted_ = 0;
}

namespace {

// Numbers of a frame's values in a dictionary: a value is looked up once a frame, not once a row.
class Renumbered {
public:
    Renumbered(Dictionary& to, const std::vector<ByteView>& values)
        : to_(to), values_(values), known_(values.size(), Dictionary::none) {}
    std::uint32_t operator()(std::uint32_t n) {
        if (known_[n] == Dictionary::none) known_[n] = to_.number(values_[n]);
        return known_[n];
    }

private:
    Dictionary& to_;
    const std::vector<ByteView>& values_;
    std::vector<std::uint32_t> known_;
};

}  // namespace

void HitCounts::add_orders(const CountsFrame& f, Hour since, Hour until) {
    Renumbered order(order_ids_, f.order_ids_), region(regions_, f.regions_);
    for (const auto& r : f.orders_)
        if (r.hour >= since && r.hour < until)
            orders_.add({r.hour, order(r.order), region(r.what), r.action, r.n}, true);
    for (const auto& [hour, n] : f.dropped_hours)
        if (hour >= since && hour < until) dropped_hours_[hour] += n;
}

void HitCounts::add_names(const CountsFrame& f, Hour since, Hour until) {
    Renumbered order(order_ids_, f.order_ids_), matched(matched_, f.matched_);
    for (const auto& r : f.names_)
        if (r.hour >= since && r.hour < until) names_.add({0, order(r.order), matched(r.what), Action{}, r.n}, true);
}

Bytes HitCounts::encode(Packer& packer, const std::string& instance) const {
    ByteWriter first, second;
    put_octets(first, instance);
    first.varint(total_);
    first.varint(dropped_);
    first.varint(uncounted_);
    first.varint(dropped_hours_.size());
    for (const auto& [hour, n] : dropped_hours_) {
        first.varint(hour);
        first.varint(n);
    }
    auto put_rows = [](ByteWriter& out, const Rows& rows, bool with_action) {
        out.varint(rows.rows.size());
        Hour last = 0;
        for (const auto& r : rows.rows) {
            out.zigzag(static_cast<std::int64_t>(r.hour) - last);
            last = r.hour;
            out.varint(r.order);
            out.varint(r.what);
            if (with_action) out.varint(static_cast<std::uint64_t>(r.action));
            out.varint(r.n);
        }
    };
    put_dictionary(first, order_ids_);
    put_dictionary(first, regions_);
    put_rows(first, orders_, true);
    put_dictionary(second, matched_);
    put_rows(second, names_, false);
    return two_parts(packer, first.take(), second.take());
}

CountsFrame::CountsFrame(ByteView payload, Unpacker& unpacker, Part part) {
    auto parts = split_parts(payload);
    first_ = unpacker.unpack(parts.first);
    ColumnReader in(first_.view());
    instance = in.octets();
    total = in.varint();
    dropped = in.varint();
    uncounted = in.varint();
    for (auto n = in.several(); n > 0; --n) {
        auto hour = static_cast<Hour>(in.varint());
        dropped_hours[hour] += in.varint();
    }
    auto read_rows = [this](ColumnReader& from, std::vector<HitCounts::Row>& out, std::size_t values,
                            bool with_action) {
        auto n = from.several();
        out.reserve(std::min<std::size_t>(n, 65536));
        std::int64_t hour = 0;
        for (; n > 0; --n) {
            hour += from.zigzag();
            HitCounts::Row r{static_cast<Hour>(hour), from.below(order_ids_.size()), from.below(values), Action{}, 0};
            if (with_action) r.action = static_cast<Action>(from.below(static_cast<std::size_t>(Action::log) + 1));
            r.n = from.varint();
            out.push_back(r);
        }
        from.finish();
    };
    in.dictionary(order_ids_);
    in.dictionary(regions_);
    read_rows(in, orders_, regions_.size(), true);
    if (part == Part::orders) return;
    second_ = unpacker.unpack(parts.second);
    ColumnReader names(second_.view());
    names.dictionary(matched_);
    read_rows(names, names_, matched_.size(), false);
}

// The byte 0 is unambiguous: of all names in wire format only the root begins with it, and the root has one byte.
Bytes matched_octets(Trigger trigger, const OwnerName& listed, const Prefix& prefix) {
    return trigger == Trigger::address ? Bytes(1, '\0') + stored_client(prefix) : Bytes(listed.wire());
}

std::string matched_text(ByteView matched) {
    if (matched.empty()) return {};
    if (matched.size() > 1 && matched[0] == '\0') return client_text(matched.substr(1));
    OwnerName name;
    if (!OwnerName::from_wire(reinterpret_cast<const std::uint8_t*>(matched.data()), matched.size(), name))
        raise_corrupt(msg("holds no name where one belongs"));
    return name.to_string();
}

void Totals::add(const Totals& o) {
    for (const auto& [name, i] : o.instances) {
        auto& sum = instances[name];
        sum.recorded += i.recorded;
        sum.dropped += i.dropped;
        sum.uncounted += i.uncounted;
        sum.last = std::max(sum.last, i.last);
    }
    for (const auto& [key, n] : o.orders) orders[key] += n;
}

Bytes Totals::encode() const {
    ByteWriter out;
    out.varint(instances.size());
    for (const auto& [name, i] : instances) {
        put_octets(out, name);
        out.varint(i.recorded);
        out.varint(i.dropped);
        out.varint(i.uncounted);
        out.zigzag(i.last);
    }
    out.varint(orders.size());
    for (const auto& [key, n] : orders) {
        put_octets(out, key.first);
        out.varint(static_cast<std::uint64_t>(key.second));
        out.varint(n);
    }
    return out.take();
}

Totals Totals::decode(ByteView payload) {
    Totals out;
    ColumnReader in(payload);
    for (auto n = in.several(); n > 0; --n) {
        auto& i = out.instances[std::string(in.octets())];
        i.recorded = in.varint();
        i.dropped = in.varint();
        i.uncounted = in.varint();
        i.last = in.zigzag();
    }
    for (auto n = in.several(); n > 0; --n) {
        std::string order(in.octets());
        auto action = static_cast<Action>(in.below(static_cast<std::size_t>(Action::log) + 1));
        out.orders[{order, action}] = in.varint();
    }
    in.finish();
    return out;
}

}  // namespace saring::hitlog
