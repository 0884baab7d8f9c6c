#include "hits_view/hits_source.h"

#include <limits>

namespace saring::tool {
namespace {

constexpr hitlog::Microseconds lowest = std::numeric_limits<hitlog::Microseconds>::min(),
                               highest = std::numeric_limits<hitlog::Microseconds>::max();
constexpr hitlog::Hour end_of_hours = 0xffffff;

std::string begin_of(hitlog::Hour h) { return format_rfc3339(static_cast<UnixTime>(h) * 3600); }

std::string bound_text(hitlog::Microseconds t, const std::string& open) {
    if (t == lowest || t == highest) return open;
    return t % hitlog::second_us == 0 ? format_rfc3339(t / hitlog::second_us) : hitlog::format_microseconds(t);
}

}  // namespace

Json bound_json(hitlog::Microseconds t) {
    return t == lowest || t == highest ? Json(nullptr) : Json(hitlog::format_microseconds(t));
}

HitsSource source_of(const hits::HitsReader& reader, const hitlog::HitFilter& f, bool from_records) {
    auto s = reader.summary();
    HitsSource out{from_records, f.since, f.until, s.oldest, s.first_hour, s.expired + s.purged, 0};
    // A beginning or end within an hour touches all of it.
    hitlog::Hour last = f.until > hitlog::Microseconds{end_of_hours} * hitlog::hour_us - hitlog::hour_us
                            ? end_of_hours
                            : hitlog::hour_of(f.until + hitlog::hour_us - 1);
    reader.each_dropped_hour(hitlog::hour_of(f.since), last, [&](hitlog::Hour, std::uint64_t n) { out.dropped += n; });
    return out;
}

void add_source(Json& j, const HitsSource& s) {
    j["since"] = bound_json(s.since);
    j["until"] = bound_json(s.until);
    j["from"] = s.from_records ? "records" : "hours";
    j["records_from"] = s.records_from ? Json(hitlog::format_microseconds(s.records_from)) : Json(nullptr);
    j["hours_from"] = s.hours_from
                          ? Json(hitlog::format_microseconds(hitlog::Microseconds{s.hours_from} * hitlog::hour_us))
                          : Json(nullptr);
    j["dropped"] = s.dropped;
}

void print_source(const HitsSource& s) {
    std::string line = tr("from %1 to %2, ", bound_text(s.since, tr("the beginning")), bound_text(s.until, tr("now")));
    if (s.from_records)
        line += s.records_from
                    ? tr("out of the records, which go back to %1", hitlog::format_microseconds(s.records_from))
                    : tr("out of the records, of which there are none");
    else
        line += s.hours_from ? tr("out of the counts by hour, which go back to %1", begin_of(s.hours_from))
                             : tr("out of the counts by hour, of which there are none");
    print(line);
    if (s.from_records && s.gone > 0 && s.since < s.records_from)
        print(tr("older records have expired or were purged; `hits summary` says how many"));
    if (s.dropped > 0)
        print(tr("%1 in these hours could not be recorded (queue or disk full): %2",
                 trn("%1 hit", "%1 hits", s.dropped),
                 s.from_records ? tr("not in these figures") : tr("counted here all the same")));
}

}  // namespace saring::tool
