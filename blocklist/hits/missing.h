// Hits that were recorded and are not there, though neither retention nor a purge removed them: segments that were
// removed or cut short, and counts that were.
//
// The sequences of a run have no gaps, retention removes the oldest segments first, and a purge notes what it removed.
// So hits between two segments of a run are missing if the earlier one is still there, or if every segment between them
// is. Hits before the first segment may have expired. Not known: a run of which no segment is left; a last segment that
// no counts cover; a gap over which the clock was set back.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "hitlog/segment.h"
#include "hits/reader_types.h"

namespace saring::hits {

using CoveredFrames =
    std::map<SegmentId, std::uint32_t>;  // of segments of records: counts cover the frames before that

struct MissingInputs {
    const std::string& folder;
    const std::vector<std::shared_ptr<Segment>>& hits;  // by when they were begun
    const std::vector<SegmentId>& unreadable;           // segments of records that are there
    const std::vector<std::shared_ptr<Segment>>& counts;
    const CoveredFrames& covered;
    bool counts_retired;  // some counts were, or are being
    std::int64_t begun;   // this look, seconds
    Unpacker& unpacker;
};

struct Missing {
    std::uint64_t hits = 0;  // all that are missing, without those in unreadable frames that are there
    std::vector<Damage> damage;
};

Missing find_missing(const MissingInputs& inputs);

}  // namespace saring::hits
