#include "hits/tally.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "hitlog/client.h"

namespace saring::hits {
namespace {

constexpr Hour end_of_hours = 0xffffff;
constexpr std::size_t most_bins = 100000;

using Counts = std::unordered_map<std::string, std::uint64_t>;

bool whole_hours(const HitFilter& f) {
    auto whole = [](Microseconds t) { return t % hour_us == 0; };
    return (f.since == std::numeric_limits<Microseconds>::min() || whole(f.since)) &&
           (f.until == std::numeric_limits<Microseconds>::max() || whole(f.until));
}

Hour first_hour(const HitFilter& f) { return hour_of(f.since); }
Hour last_hour(const HitFilter& f) {
    return f.until >= Microseconds{end_of_hours} * hour_us ? end_of_hours : hour_of(f.until);
}

// Whether the counts by hour, order, region and action can answer.
bool orders_answer(const HitFilter& f) {
    return whole_hours(f) && !f.name && !f.match && !f.client && !f.instance && !f.qtype && !f.transport && !f.trigger;
}
// Whether the counts by hour, order and name can.
bool names_answer(const HitFilter& f) { return orders_answer(f) && !f.region && !f.action; }

bool accepts(const HitFilter& f, const OrderHour& o) {
    return f.accepts_order(o.order) && (!f.region || o.region == *f.region) && (!f.action || o.action == *f.action);
}

bool is_of_orders(TallyBy by) { return by == TallyBy::order || by == TallyBy::region || by == TallyBy::action; }

std::string key_of(const OrderHour& o, TallyBy by) {
    return std::string(by == TallyBy::order ? o.order : by == TallyBy::region ? o.region : to_string(o.action));
}

// The counted column of a frame's rows, as stored: text is made once, at the end.
struct Counted {
    const std::vector<ByteView>* dictionary;    // null: the number itself
    const std::vector<std::uint32_t>* numbers;  // null: `number`
    std::uint32_t (*number)(const RecordColumns&, std::size_t) = nullptr;
};

Counted counted(const RecordColumns& c, TallyBy by) {
    switch (by) {
        case TallyBy::qname: return {&c.names, &c.qname};
        case TallyBy::order: return {&c.orders, &c.order};
        case TallyBy::region: return {&c.regions, &c.region};
        case TallyBy::client: return {&c.clients, &c.client};
        case TallyBy::asn: return {nullptr, &c.asn};
        case TallyBy::action:
            return {nullptr, nullptr,
                    [](const RecordColumns& b, std::size_t row) { return static_cast<std::uint32_t>(b.action[row]); }};
        case TallyBy::qtype:
            return {nullptr, nullptr,
                    [](const RecordColumns& b, std::size_t row) { return std::uint32_t{b.qtype[row]}; }};
        case TallyBy::transport:
            return {nullptr, nullptr, [](const RecordColumns& b, std::size_t row) {
                        return static_cast<std::uint32_t>(b.transport[row]);
                    }};
        case TallyBy::trigger:
            return {nullptr, nullptr,
                    [](const RecordColumns& b, std::size_t row) { return static_cast<std::uint32_t>(b.trigger[row]); }};
        case TallyBy::name:             // of two dictionaries
        case TallyBy::instance: break;  // one a frame
    }
    return {};
}

// From how it is counted to text.
std::string text_of(ByteView key, TallyBy by) {
    auto number = [&] { return static_cast<std::uint32_t>(from_be(key)); };
    switch (by) {
        case TallyBy::name: return matched_text(key);
        case TallyBy::qname: {
            OwnerName name;
            if (!OwnerName::from_wire(reinterpret_cast<const std::uint8_t*>(key.data()), key.size(), name))
                raise_corrupt(msg("holds no name where one belongs"));
            return name.to_string();
        }
        case TallyBy::client: return client_text(key);
        case TallyBy::asn: return number() ? "AS" + std::to_string(number()) : "";
        case TallyBy::action: return to_string(static_cast<policy::Action>(number()));
        case TallyBy::qtype: return qtype_text(static_cast<std::uint16_t>(number()));
        case TallyBy::transport: return to_string(static_cast<Transport>(number()));
        case TallyBy::trigger: return to_string(static_cast<policy::Trigger>(number()));
        case TallyBy::order:
        case TallyBy::region:
        case TallyBy::instance: break;
    }
    return std::string(key);
}

void count_matched(const RecordColumns& c, const std::vector<std::uint32_t>& rows, Counts& counts) {
    std::vector<std::uint64_t> names(c.names.size()), prefixes(c.prefixes.size());
    std::vector<std::uint32_t> row_of_name(c.names.size()), row_of_prefix(c.prefixes.size());
    for (auto row : rows) {
        bool address = c.trigger[row] == policy::Trigger::address;
        ++(address ? prefixes : names)[c.listed[row]];
        (address ? row_of_prefix : row_of_name)[c.listed[row]] = row;
    }
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i]) counts[c.matched(row_of_name[i])] += names[i];
    for (std::size_t i = 0; i < prefixes.size(); ++i)
        if (prefixes[i]) counts[c.matched(row_of_prefix[i])] += prefixes[i];
}

void count_rows(const RecordColumns& c, const std::vector<std::uint32_t>& rows, TallyBy by, Counts& counts) {
    if (by == TallyBy::name) return count_matched(c, rows, counts);
    if (by == TallyBy::instance) {
        counts[c.instance] += rows.size();
        return;
    }
    auto what = counted(c, by);
    if (what.dictionary) {
        std::vector<std::uint64_t> n(what.dictionary->size());
        for (auto row : rows) ++n[(*what.numbers)[row]];
        for (std::size_t i = 0; i < n.size(); ++i)
            if (n[i]) counts[Bytes((*what.dictionary)[i])] += n[i];
        return;
    }
    std::unordered_map<std::uint32_t, std::uint64_t> n;
    for (auto row : rows) ++n[what.numbers ? (*what.numbers)[row] : what.number(c, row)];
    for (auto [number, times] : n) counts[be32(number)] += times;
}

}  // namespace

std::string qtype_text(std::uint16_t t) {
    switch (t) {
        case 1: return "A";
        case 2: return "NS";
        case 5: return "CNAME";
        case 6: return "SOA";
        case 12: return "PTR";
        case 15: return "MX";
        case 16: return "TXT";
        case 28: return "AAAA";
        case 33: return "SRV";
        case 43: return "DS";
        case 64: return "SVCB";
        case 65: return "HTTPS";
        case 255: return "ANY";
        case 257: return "CAA";
        default: return "TYPE" + std::to_string(t);  // RFC 3597 section 5
    }
}

namespace {

// The `most` largest, and the sums. Keys are as stored: text is made of those alone that may be among the largest.
// Different keys have different texts.
template <typename Text>
Tally largest(const Counts& counts, std::size_t most, Text text) {
    Tally out;
    out.distinct = counts.size();
    std::vector<std::uint64_t> sizes;
    sizes.reserve(counts.size());
    for (const auto& [key, count] : counts) {
        out.total += count;
        sizes.push_back(count);
    }
    std::uint64_t least = 0;
    if (most < sizes.size() && most > 0) {
        auto last = sizes.begin() + static_cast<std::ptrdiff_t>(most - 1);
        std::nth_element(sizes.begin(), last, sizes.end(), std::greater<>());
        least = *last;
    }
    for (const auto& [key, count] : counts)
        if (count >= least) out.rows.push_back({text(key), count, {}});
    auto larger = [](const TallyRow& a, const TallyRow& b) {
        return a.count != b.count ? a.count > b.count : a.key < b.key;
    };
    auto kept = std::min(most, out.rows.size());
    std::partial_sort(out.rows.begin(), out.rows.begin() + static_cast<std::ptrdiff_t>(kept), out.rows.end(), larger);
    out.rows.resize(kept);
    return out;
}

Tally largest(const Counts& counts, std::size_t most) {
    return largest(counts, most, [](const std::string& key) { return key; });
}

}  // namespace

std::vector<Tally> tally_records(const HitsReader& reader, const std::vector<RecordTally>& wanted, const HitFilter& f) {
    std::vector<Counts> stored(wanted.size());
    reader.each_columns(f, [&](const RecordColumns& c, const std::vector<std::uint32_t>& rows) {
        for (std::size_t i = 0; i < wanted.size(); ++i) count_rows(c, rows, wanted[i].by, stored[i]);
    });
    std::vector<Tally> out;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        auto by = wanted[i].by;
        out.push_back(largest(stored[i], wanted[i].most, [by](const std::string& key) { return text_of(key, by); }));
        out.back().from_records = true;
    }
    return out;
}

Tally tally(const HitsReader& reader, TallyBy by, const HitFilter& f, std::size_t most) {
    Counts counts;
    if (is_of_orders(by) && orders_answer(f)) {
        reader.each_order_hour(first_hour(f), last_hour(f), [&](const OrderHour& o) {
            if (accepts(f, o)) counts[key_of(o, by)] += o.count;
        });
        return largest(counts, most);
    }
    if (by == TallyBy::name && names_answer(f)) {
        reader.names(first_hour(f), last_hour(f)).each_name([&](const HitCounts::NameRow& r) {
            if (f.accepts_order(r.order)) counts[std::string(r.matched)] += r.n;
        });
        return largest(counts, most, [](const std::string& matched) { return matched_text(matched); });
    }
    return tally_records(reader, {{by, most}}, f).front();
}

namespace {

// Keys that go with an order: text, a byte that no text has, the order's id.
constexpr char between = '\0';

std::string with_order(std::string key, std::string_view order) {
    return std::move(key.append(1, between).append(order));
}

Tally split_orders(Tally t) {
    for (auto& row : t.rows) {
        auto at = row.key.rfind(between);
        row.order = row.key.substr(at + 1);
        row.key.resize(at);
    }
    return t;
}

// The number by which a frame tells a row's value, and its text.
std::uint32_t number_in(const RecordColumns& c, TallyBy by, std::uint32_t row) {
    if (by == TallyBy::name) return c.listed[row] << 1 | (c.trigger[row] == policy::Trigger::address);
    if (by == TallyBy::instance) return 0;
    auto what = counted(c, by);
    return what.numbers ? (*what.numbers)[row] : what.number(c, row);
}

std::string text_in(const RecordColumns& c, TallyBy by, std::uint32_t row) {
    if (by == TallyBy::name) return text_of(c.matched(row), by);
    if (by == TallyBy::instance) return c.instance;
    auto what = counted(c, by);
    auto number = number_in(c, by, row);
    return text_of(what.dictionary ? Bytes((*what.dictionary)[number]) : be32(number), by);
}

}  // namespace

Tally tally_with_orders(const HitsReader& reader, TallyBy by, const HitFilter& f, std::size_t most) {
    Counts counts;
    bool by_hours = names_answer(f) && by == TallyBy::name;
    if (by_hours) {
        reader.names(first_hour(f), last_hour(f)).each_name([&](const HitCounts::NameRow& r) {
            if (f.accepts_order(r.order)) counts[with_order(matched_text(r.matched), r.order)] += r.n;
        });
    } else {
        reader.each_columns(f, [&](const RecordColumns& c, const std::vector<std::uint32_t>& rows) {
            struct Pair {
                std::uint32_t row;
                std::uint64_t n;
            };
            std::unordered_map<std::uint64_t, Pair> pairs;
            for (auto row : rows)
                ++pairs.try_emplace(std::uint64_t{number_in(c, by, row)} << 32 | c.order[row], Pair{row, 0})
                      .first->second.n;
            for (const auto& [ignored, pair] : pairs)
                counts[with_order(text_in(c, by, pair.row), c.orders[c.order[pair.row]])] += pair.n;
        });
    }
    auto out = split_orders(largest(counts, most));
    out.from_records = !by_hours;
    return out;
}

bool each_counted(const HitsReader& reader, const HitFilter& f, const std::function<void(const OrderHour&)>& visit) {
    if (orders_answer(f)) {
        reader.each_order_hour(first_hour(f), last_hour(f), [&](const OrderHour& o) {
            if (accepts(f, o)) visit(o);
        });
        return false;
    }
    reader.each_columns(f, [&](const RecordColumns& c, const std::vector<std::uint32_t>& rows) {
        for (auto row : rows) {
            auto as_text = [](ByteView v) { return std::string_view(v.data(), v.size()); };
            visit({hour_of(c.time[row]), as_text(c.orders[c.order[row]]), as_text(c.regions[c.region[row]]),
                   c.action[row], 1});
        }
    });
    return true;
}

bool each_matched(const HitsReader& reader, const HitFilter& f,
                  const std::function<void(std::string_view, const std::string&, std::uint64_t)>& visit) {
    if (names_answer(f)) {
        reader.names(first_hour(f), last_hour(f)).each_name([&](const HitCounts::NameRow& r) {
            if (f.accepts_order(r.order)) visit(r.order, matched_text(r.matched), r.n);
        });
        return false;
    }
    auto t = tally_with_orders(reader, TallyBy::name, f, std::numeric_limits<std::size_t>::max());
    for (const auto& row : t.rows) visit(row.order, row.key, row.count);
    return true;
}

HistogramSums::HistogramSums(const HitFilter& f, Microseconds width, std::optional<TallyBy> by)
    : by_key_(by.has_value()) {
    out_.width = width;
    Microseconds begin = f.since - ((f.since % width) + width) % width;
    auto bins = f.until <= f.since ? 0 : static_cast<std::uint64_t>((f.until - 1 - begin) / width + 1);
    if (bins > most_bins)
        throw Error(ErrorKind::usage, "histogram", msg("would have %1 bins", bins),
                    msg("choose wider bins or a shorter time"));
    for (std::uint64_t i = 0; i < bins; ++i) out_.bins.push_back({begin + static_cast<Microseconds>(i) * width, 0, {}});
}

void HistogramSums::add(std::size_t bin, std::uint64_t n, const std::string& key) {
    out_.bins.at(bin).count += n;
    out_.total += n;
    if (!by_key_) return;
    auto& of_key = parts_[key];
    of_key.resize(out_.bins.size());
    of_key[bin] += n;
}

Histogram HistogramSums::finish() {
    std::vector<std::pair<std::uint64_t, std::string>> keys;
    for (const auto& [key, counts] : parts_)
        keys.emplace_back(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}), key);
    std::sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    for (const auto& [ignored, key] : keys) {
        out_.keys.push_back(key);
        for (std::size_t bin = 0; bin < out_.bins.size(); ++bin) out_.bins[bin].parts.push_back(parts_[key][bin]);
    }
    return std::move(out_);
}

Histogram histogram(const HitsReader& reader, const HitFilter& f, Microseconds width, std::optional<TallyBy> by) {
    HistogramSums sums(f, width, by);
    auto& out = sums.histogram();
    auto add = [&](Microseconds t, std::uint64_t n, const auto& key) {
        sums.add(static_cast<std::size_t>((t - out.bins.front().begin) / width), n, by ? key() : std::string());
    };
    if (width % hour_us == 0 && orders_answer(f) && (!by || is_of_orders(*by))) {
        reader.each_order_hour(first_hour(f), last_hour(f), [&](const OrderHour& o) {
            if (accepts(f, o))
                add(static_cast<Microseconds>(o.hour) * hour_us, o.count, [&] { return key_of(o, *by); });
        });
    } else {
        out.from_records = true;
        reader.each_columns(f, [&](const RecordColumns& c, const std::vector<std::uint32_t>& rows) {
            for (auto row : rows) add(c.time[row], 1, [&] { return text_in(c, *by, row); });
        });
    }
    return sums.finish();
}

}  // namespace saring::hits
