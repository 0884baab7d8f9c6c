// Hits counted by something: what `hits top`, `hits histogram`, the reports and the metrics
// show. The counts by hour answer where they can: they are few, and outlive the records;
// the records answer the rest.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "hits/reader.h"

namespace saring::hits {

enum class TallyBy { name, qname, order, region, action, client, asn, instance, qtype, transport, trigger };

struct TallyRow {
    std::string key;  // as text; empty: not known or not kept
    std::uint64_t count = 0;
    std::string order;  // with tally_with_orders: its id; empty: not kept
};

struct Tally {
    std::vector<TallyRow> rows;  // most first, then by key
    std::uint64_t total = 0;     // of all rows, also of those left out
    std::size_t distinct = 0;
    bool from_records =
        false;  // else from the counts by hour, which also hold hits whose records were dropped or have gone
};

// The `most` largest. Counts by hour are used when the filter asks for nothing they do not hold and
// its times are whole hours (or open).
Tally tally(const HitsReader& reader, TallyBy by, const HitFilter& filter, std::size_t most);

// The same, a row for each key and order.
Tally tally_with_orders(const HitsReader& reader, TallyBy by, const HitFilter& filter, std::size_t most);

struct RecordTally {
    TallyBy by;
    std::size_t most;
};
// Several at once, all from the records.
std::vector<Tally> tally_records(const HitsReader& reader, const std::vector<RecordTally>& wanted,
                                 const HitFilter& filter);

// Hits of the filter's time, whole hours, by hour, order, region and action: of the counts by hour where they hold what
// the filter asks for, else of the records (true). A key may come several times.
bool each_counted(const HitsReader& reader, const HitFilter& filter,
                  const std::function<void(const OrderHour&)>& visit);
// The same by order and listed name; of any hour.
bool each_matched(
    const HitsReader& reader, const HitFilter& filter,
    const std::function<void(std::string_view order, const std::string& matched, std::uint64_t n)>& visit);

// "AAAA", "TYPE64" (RFC 3597 section 5).
std::string qtype_text(std::uint16_t qtype);

struct HistogramBin {
    Microseconds begin = 0;
    std::uint64_t count = 0;
    std::vector<std::uint64_t> parts;  // with `by`: of each of Histogram::keys
};
struct Histogram {
    Microseconds width = 0;
    std::vector<HistogramBin> bins;  // without gaps, ascending
    std::vector<std::string> keys;   // with `by`: most hits first; empty text: not known or not kept
    std::uint64_t total = 0;
    bool from_records = false;
};

// A histogram in the making, of counts from anywhere.
class HistogramSums {
public:
    HistogramSums(const HitFilter& filter, Microseconds width, std::optional<TallyBy> by);
    Histogram& histogram() { return out_; }  // its bins without counts
    void add(std::size_t bin, std::uint64_t n, const std::string& key);
    Histogram finish();

private:
    Histogram out_;
    const bool by_key_;
    std::unordered_map<std::string, std::vector<std::uint64_t>> parts_;
};

// Of the filter's time, which must be closed on both ends; bins begin at multiples of `width`.
// At most 100,000 bins; Error(usage) otherwise. `by`: order, region or action.
Histogram histogram(const HitsReader& reader, const HitFilter& filter, Microseconds width,
                    std::optional<TallyBy> by = {});

}  // namespace saring::hits
