// Sums over the counts of a hit log that outlive one look: frames are only ever appended, so a later look adds the new
// ones. Bounded: the console keeps a few spans of time. Used by one thread.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "hitlog/counts.h"
#include "hitlog/segment.h"
#include "hits/reader_types.h"

namespace saring::hits {

// Hits of one segment that no counts cover yet.
struct UncountedHits {
    std::string instance;
    HitCounts counts;
    Microseconds last = 0;
};

class KeptCounts {
public:
    using Segments = std::vector<std::shared_ptr<Segment>>;

    // Counts of since <= hour < until: HitCounts::add_names() if `names`, else add_orders(). Null: they are more than
    // is kept in memory; read the frames instead. Holds until the next call. `is_over` is asked before each frame: true
    // throws LookEnded, and the next call goes on from there.
    const HitCounts* span(const Segments& counts, Hour since, Hour until, bool names, Unpacker& unpacker,
                          const std::function<bool()>& is_over);
    // Counts of the frames of a segment of records from number `covered` on.
    std::shared_ptr<const UncountedHits> uncounted(const std::shared_ptr<Segment>& hits, std::uint32_t covered,
                                                   Unpacker& unpacker);
    // totals_of() a segment of counts.
    const Totals& totals(const std::shared_ptr<Segment>& counts, Unpacker& unpacker);
    void forget_all_but(const std::set<const Segment*>& there);

    static constexpr std::size_t max_spans = 8, max_rows = 2000000;  // of all spans; 40 to 80 bytes each

private:
    struct Span {
        Hour since, until;
        bool names;
        HitCounts counts;
        std::map<std::shared_ptr<Segment>, std::uint32_t> next;  // the frame to be read next
        bool is_too_large = false;
    };
    struct Uncounted {
        std::uint32_t covered = 0, next = 0;
        std::shared_ptr<UncountedHits> hits;
    };
    struct Summed {
        std::uint64_t size = 0;  // of the segment, then
        Totals totals;
    };
    void read(Span& span, const Segments& counts, Unpacker& unpacker, const std::function<bool()>& is_over);
    void make_room();

    std::list<Span> spans_;  // the last used first
    std::map<std::shared_ptr<Segment>, Uncounted> uncounted_;
    std::map<std::shared_ptr<Segment>, Summed> totals_;
};

}  // namespace saring::hits
