#include "hits/tally.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "hits/client.h"

namespace saring {
namespace {

constexpr Microseconds hour_us = 3600 * second_us;
constexpr Hour end_of_hours = 0xffffff;
constexpr std::size_t most_bins = 100000;

using Counts = std::unordered_map<std::string, std::uint64_t>;

bool whole_hours(const HitFilter& f) {
    auto whole = [](Microseconds t) { return t % hour_us == 0; };
    return (f.since == std::numeric_limits<Microseconds>::min() || whole(f.since)) && (f.until == std::numeric_limits<Microseconds>::max() || whole(f.until));
}

Hour first_hour(const HitFilter& f) { return hour_of(f.since); }
Hour last_hour(const HitFilter& f) { return f.until >= Microseconds{end_of_hours} * hour_us ? end_of_hours : hour_of(f.until); }

// Whether the counts by hour, order, region and action can answer.
bool orders_answer(const HitFilter& f) { return whole_hours(f) && !f.name && !f.client && !f.instance && f.after == 0; }
// Whether the counts by hour, order and name can.
bool names_answer(const HitFilter& f) { return orders_answer(f) && !f.region && !f.action; }

bool accepts(const HitFilter& f, const OrderHour& o) {
    return (!f.order || o.order == *f.order) && (!f.region || o.region == *f.region) && (!f.action || o.action == *f.action);
}

std::string key_of(const Hit& h, TallyBy by) {
    switch (by) {
        case TallyBy::name: return h.matched();
        case TallyBy::qname: return h.qname.to_string();
        case TallyBy::order: return h.order;
        case TallyBy::region: return h.region;
        case TallyBy::action: return to_string(h.action);
        case TallyBy::client: return client_text(h.client);
        case TallyBy::asn: return h.asn ? "AS" + std::to_string(h.asn) : "";
        case TallyBy::instance: return h.instance;
        case TallyBy::qtype: return qtype_text(h.qtype);
        case TallyBy::transport: return to_string(h.transport);
        case TallyBy::trigger: return to_string(h.trigger);
    }
    return {};
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

Tally tally(const HitsReader& reader, TallyBy by, const HitFilter& f, std::size_t most) {
    Tally out;
    Counts counts;
    bool by_order = by == TallyBy::order || by == TallyBy::region || by == TallyBy::action;
    if (by_order && orders_answer(f)) {
        reader.each_order_hour(first_hour(f), last_hour(f), [&](const OrderHour& o) {
            if (accepts(f, o)) counts[by == TallyBy::order ? o.order : by == TallyBy::region ? o.region : to_string(o.action)] += o.count;
        });
    } else if (by == TallyBy::name && names_answer(f)) {
        reader.each_name_hour(first_hour(f), last_hour(f), [&](const NameHour& n) {
            if (!f.order || n.order == *f.order) counts[n.matched] += n.count;
        });
    } else {
        out.from_records = true;
        reader.each(f, HitsReader::Direction::oldest_first, [&](const Hit& h) {
            ++counts[key_of(h, by)];
            return true;
        });
    }
    out.distinct = counts.size();
    for (auto& [key, count] : counts) {
        out.total += count;
        out.rows.push_back({key, count});
    }
    auto larger = [](const TallyRow& a, const TallyRow& b) { return a.count != b.count ? a.count > b.count : a.key < b.key; };
    auto kept = std::min(most, out.rows.size());
    std::partial_sort(out.rows.begin(), out.rows.begin() + static_cast<std::ptrdiff_t>(kept), out.rows.end(), larger);
    out.rows.resize(kept);
    return out;
}

Histogram histogram(const HitsReader& reader, const HitFilter& f, Microseconds width) {
    Histogram out;
    out.width = width;
    auto floor_to_width = [&](Microseconds t) { return t - ((t % width) + width) % width; };
    Microseconds begin = floor_to_width(f.since);
    auto bins = f.until <= f.since ? 0 : static_cast<std::uint64_t>((f.until - 1 - begin) / width + 1);
    if (bins > most_bins)
        throw Error(ErrorKind::usage, "histogram", "would have " + std::to_string(bins) + " bins", "choose wider bins or a shorter time");
    for (std::uint64_t i = 0; i < bins; ++i) out.bins.push_back({begin + static_cast<Microseconds>(i) * width, 0});
    auto add = [&](Microseconds t, std::uint64_t n) {
        out.bins.at(static_cast<std::size_t>((t - begin) / width)).count += n;
        out.total += n;
    };
    if (width % hour_us == 0 && orders_answer(f)) {
        reader.each_order_hour(first_hour(f), last_hour(f), [&](const OrderHour& o) {
            if (accepts(f, o)) add(static_cast<Microseconds>(o.hour) * hour_us, o.count);
        });
        return out;
    }
    out.from_records = true;
    reader.each(f, HitsReader::Direction::oldest_first, [&](const Hit& h) {
        add(h.time, 1);
        return true;
    });
    return out;
}

}  // namespace saring
