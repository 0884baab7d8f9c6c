// The source of figures of hits and what they lack: without it a count is no evidence.
#pragma once

#include "hits/reader.h"
#include "output/output.h"

namespace saring::tool {

struct HitsSource {
    bool from_records = false;                  // else the counts by hour
    hitlog::Microseconds since = 0, until = 0;  // as in HitFilter
    hitlog::Microseconds records_from = 0;      // oldest record; 0: none
    hitlog::Hour hours_from = 0;                // oldest hour counted; 0: none
    std::uint64_t gone = 0;                     // records expired or purged, at any time
    std::uint64_t dropped = 0;                  // hits without a record in the hours that the time touches
};

HitsSource source_of(const hits::HitsReader& reader, const hitlog::HitFilter& filter, bool from_records);
// Adds since, until, from, records_from, hours_from, dropped.
void add_source(Json& out, const HitsSource& source);
// One line, or two where something is missing.
void print_source(const HitsSource& source);

// "2024-02-14T00:00:00.000000Z", or null where the time is open.
Json bound_json(hitlog::Microseconds t);

}  // namespace saring::tool
