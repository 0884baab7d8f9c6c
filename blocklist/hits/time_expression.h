// Points in time of hits as an engineer types them, in the zone of base/time_text.h.
#pragma once

#include "hits/reader_types.h"

namespace saring::hits {

struct TimeExpression {
    Microseconds time = 0;
    bool is_ago = false;   // a span before now: `2h`
    Microseconds ago = 0;  // its length
};

// "90s", "30m", "2h", "7d", "4w" before now; "now", "today" and "yesterday" (midnight);
// "2024-02-14", "2024-02-14T07:00", "2024-02-14T07:00:00.123456" (of that zone without an offset, else
// Z or e.g. +07:00). Throws Error(usage) naming `field` and the text.
TimeExpression parse_moment(const std::string& text, const std::string& field, Microseconds now);

// "90s", "30m", "2h", "7d", "4w": a length of time, more than nothing and at most 1000 years.
Microseconds parse_span(const std::string& text, const std::string& field);

}  // namespace saring::hits
