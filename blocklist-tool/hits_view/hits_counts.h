// Hits counted by what a person asks for by a word, as JSON: what `hits top`, `hits histogram` and the console's pages
// show alike.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "hits/tally.h"
#include "hits_view/hits_source.h"

namespace saring::tool {

// By what `hits top` counts.
struct TopKind {
    const char* word;
    hits::TallyBy by;
    const char* member;   // of JSON and CSV
    const char* unknown;  // what a row without a key is; marked()
};
const std::vector<TopKind>& top_kinds();
const TopKind* find_top_kind(const std::string& word);  // null: there is none

struct TopCounted {
    const TopKind* kind;
    bool with_orders;
    hits::Tally tally;
    HitsSource source;
};
// `most` 0: all rows.
TopCounted count_top(const hits::HitsReader& reader, const TopKind& kind, const hitlog::HitFilter& filter,
                     std::size_t most, bool with_orders);
Json top_json(const TopCounted& counted);

// How wide the bars of a time are, of a length that people count in: at most some `most_bins`, and whole hours from a
// day on, which the counts by hour can answer.
hitlog::Microseconds bin_width_for(hitlog::Microseconds span, hitlog::Microseconds most_bins);
// Both ends of the time closed: without a beginning the last day, without an end the bar that now lies in, whole.
void close_time(hitlog::HitFilter& filter, bool open_begin, bool open_end, hitlog::Microseconds width,
                hitlog::Microseconds now);
std::string width_text(hitlog::Microseconds width);  // "5m"

// A histogram's `by`: order, region or action.
std::optional<hits::TallyBy> histogram_by(const std::string& word);
Json histogram_json(const hits::Histogram& histogram, const std::string& by, const HitsSource& source);

}  // namespace saring::tool
