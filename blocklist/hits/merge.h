// The records of many segments in the order of time, then run and sequence. Opens a segment or a frame only when its
// earliest row may be next.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "hitlog/records.h"
#include "hitlog/segment.h"
#include "hits/reader_types.h"

namespace saring::hits {

class Merge {
public:
    // `after` and `is_over` as in HitsReader. All must outlive it.
    Merge(const HitFilter& filter, bool backwards, const Position* after, Unpacker& unpacker,
          const std::function<bool()>& is_over)
        : filter_(filter), backwards_(backwards), after_(after), unpacker_(unpacker), is_over_(is_over) {}

    void add(Segment& s);
    // `visit` returns false to stop.
    void run(const std::function<bool(const Hit&)>& visit);

private:
    struct Rows;
    // A segment, a frame or the next row of a frame, by the earliest time it may have.
    struct Coming {
        enum Kind { segment, frame, row };
        Microseconds time;
        Kind kind;
        RunId run;
        std::uint64_t sequence;
        Segment* of;
        FrameAt at;
        std::shared_ptr<Rows> rows;
    };
    bool is_later(const Coming& a, const Coming& b) const;
    Coming take_next();
    void push(Coming c);
    void push_row(Coming c);
    void open(Segment& s);
    void open(Segment& s, const FrameAt& f);

    const HitFilter& filter_;
    const bool backwards_;
    const Position* after_;
    Unpacker& unpacker_;
    const std::function<bool()>& is_over_;
    Segment* open_ = nullptr;
    std::vector<Coming> heap_;
};

}  // namespace saring::hits
