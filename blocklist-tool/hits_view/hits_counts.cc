#include "hits_view/hits_counts.h"

#include <algorithm>

namespace saring::tool {
namespace {

constexpr hitlog::Microseconds minute_us = 60 * hitlog::second_us;
constexpr hitlog::Microseconds bar_widths[] = {hitlog::second_us, 5 * hitlog::second_us, 15 * hitlog::second_us,
                                               minute_us,         5 * minute_us,         15 * minute_us,
                                               hitlog::hour_us,   3 * hitlog::hour_us,   6 * hitlog::hour_us,
                                               hitlog::day_us,    7 * hitlog::day_us,    28 * hitlog::day_us};

hitlog::Microseconds floor_to_bar(hitlog::Microseconds t, hitlog::Microseconds width) {
    return t - ((t % width) + width) % width;
}

Json key_json(const std::string& key) { return key.empty() ? Json(nullptr) : Json(key); }

}  // namespace

const std::vector<TopKind>& top_kinds() {
    static const std::vector<TopKind> kinds = {
        {"names", hits::TallyBy::name, "listed", marked("(not kept)")},
        {"qnames", hits::TallyBy::qname, "qname", marked("(not kept)")},
        {"orders", hits::TallyBy::order, "order", marked("(not kept)")},
        {"regions", hits::TallyBy::region, "region", marked("(unknown)")},
        {"actions", hits::TallyBy::action, "action", marked("(unknown)")},
        {"clients", hits::TallyBy::client, "client", marked("(not kept)")},
        {"networks", hits::TallyBy::asn, "asn", marked("(unknown)")},
        {"instances", hits::TallyBy::instance, "instance", marked("(unknown)")},
        {"types", hits::TallyBy::qtype, "qtype", marked("(unknown)")},
        {"transports", hits::TallyBy::transport, "transport", marked("(unknown)")},
        {"triggers", hits::TallyBy::trigger, "trigger", marked("(unknown)")},
    };
    return kinds;
}

const TopKind* find_top_kind(const std::string& word) {
    for (const auto& kind : top_kinds())
        if (kind.word == word) return &kind;
    return nullptr;
}

TopCounted count_top(const hits::HitsReader& reader, const TopKind& kind, const hitlog::HitFilter& filter,
                     std::size_t most, bool with_orders) {
    most = most ? most : std::numeric_limits<std::size_t>::max();
    auto t = with_orders ? hits::tally_with_orders(reader, kind.by, filter, most)
                         : hits::tally(reader, kind.by, filter, most);
    auto source = source_of(reader, filter, t.from_records);
    return {&kind, with_orders, std::move(t), source};
}

Json top_json(const TopCounted& c) {
    Json j{{"by", c.kind->member}};
    add_source(j, c.source);
    j["total"] = c.tally.total;
    j["distinct"] = c.tally.distinct;
    j["rows"] = Json::array();
    for (const auto& r : c.tally.rows) {
        j["rows"].push_back({{c.kind->member, key_json(r.key)}, {"hits", r.count}});
        if (c.with_orders) j["rows"].back()["order"] = key_json(r.order);
    }
    return j;
}

hitlog::Microseconds bin_width_for(hitlog::Microseconds span, hitlog::Microseconds most_bins) {
    for (auto w : bar_widths)
        if (span <= w * most_bins && (span < hitlog::day_us || w >= hitlog::hour_us)) return w;
    return bar_widths[std::size(bar_widths) - 1];
}

void close_time(hitlog::HitFilter& f, bool open_begin, bool open_end, hitlog::Microseconds width,
                hitlog::Microseconds now) {
    if (open_begin) f.since = floor_to_bar((open_end ? now : f.until) - hitlog::day_us, hitlog::hour_us);
    if (open_end) f.until = std::max(floor_to_bar(now, width), f.since) + width;
}

std::string width_text(hitlog::Microseconds w) {
    for (auto [unit, word] : {std::pair{hitlog::day_us, "d"}, {hitlog::hour_us, "h"}, {minute_us, "m"}})
        if (w % unit == 0) return std::to_string(w / unit) + word;
    return std::to_string(w / hitlog::second_us) + "s";
}

std::optional<hits::TallyBy> histogram_by(const std::string& word) {
    if (word == "order") return hits::TallyBy::order;
    if (word == "region") return hits::TallyBy::region;
    if (word == "action") return hits::TallyBy::action;
    return std::nullopt;
}

Json histogram_json(const hits::Histogram& h, const std::string& by, const HitsSource& source) {
    Json j{{"width", h.width / hitlog::second_us}};
    add_source(j, source);
    j["total"] = h.total;
    if (!by.empty()) {
        j["by"] = by;
        j["keys"] = Json::array();
        for (const auto& key : h.keys) j["keys"].push_back(key_json(key));
    }
    j["bins"] = Json::array();
    for (const auto& b : h.bins) {
        j["bins"].push_back({{"begin", hitlog::format_microseconds(b.begin)}, {"hits", b.count}});
        if (!by.empty()) j["bins"].back()["parts"] = b.parts;
    }
    return j;
}

}  // namespace saring::tool
