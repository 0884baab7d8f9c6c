// Reading the hit log while resolvers write it. HitLog remembers segments between looks; a HitsReader is one look,
// which no writer waits for. Used by one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hitlog/folder.h"
#include "hitlog/records.h"
#include "hits/kept_counts.h"
#include "hits/missing.h"
#include "hits/reader_types.h"

namespace saring::hits {

// There is no hit log: no resolver has recorded yet, or hits.path is empty.
class NoHitLog : public Error {
public:
    using Error::Error;
};

// Throws NoHitLog.
void require_hit_log(const std::string& folder);

class HitLog {
public:
    explicit HitLog(std::string folder) : folder_(std::move(folder)) {}
    const std::string& folder() const { return folder_; }

private:
    friend class HitsReader;
    std::shared_ptr<Segment> segment(const SegmentFile& file);
    void forget_all_but(const std::vector<std::shared_ptr<Segment>>& hits,
                        const std::vector<std::shared_ptr<Segment>>& counts);

    const std::string folder_;
    std::map<std::string, std::pair<std::uint64_t, std::shared_ptr<Segment>>> known_;  // by file name, with inode
    KeptCounts kept_;
};

class HitsReader {
public:
    // `is_over` is asked before each frame: true throws LookEnded out of whatever reads them.
    // Throws NoHitLog; Error(database) where the folder cannot be read.
    explicit HitsReader(std::shared_ptr<HitLog> log, std::function<bool()> is_over = {});

    enum class Direction { oldest_first, newest_first };
    // In the order of time, then run and sequence; only what follows `after` in its run. `visit` returns false to stop.
    void each(const HitFilter& filter, Direction direction, const std::function<bool(const Hit&)>& visit,
              const Position* after = nullptr) const;

    // A frame at a time, in no order: the rows that the filter accepts. For counting.
    void each_columns(
        const HitFilter& filter,
        const std::function<void(const RecordColumns&, const std::vector<std::uint32_t>& rows)>& visit) const;

    // The number of records with since <= time < until. Reads only frames that begin or end outside.
    std::uint64_t count(Microseconds since, Microseconds until) const;

    // The frames of one run that reach above `after`, in the order of sequence; false to stop. For shipping.
    void each_of_run(RunId run, std::uint64_t after, const std::function<bool(const RecordColumns&)>& visit) const;

    std::vector<Run> runs() const;  // by when they were begun
    Position ends() const;
    const HitsSummary& summary() const;

    // Aggregates by hour, which outlive the records: since <= hour < until. A key may come several times; the counts
    // add up.
    void each_order_hour(Hour since, Hour until, const std::function<void(const OrderHour&)>& visit) const;
    void each_name_hour(Hour since, Hour until, const std::function<void(const NameHour&)>& visit) const;
    // The same by order and name over all these hours: rows of hour 0.
    HitCounts names(Hour since, Hour until) const;
    void each_dropped_hour(Hour since, Hour until, const std::function<void(Hour, std::uint64_t)>& visit) const;
    Totals totals() const;

    // Damage found so far, which members above skip, and what is missing.
    std::vector<Damage> damage() const;
    // Reads all frames, so that damage() has all there is.
    void check_frames() const;
    // Of sequences after < n < before of a run: lost by damage that was found.
    std::uint64_t lost_between(RunId run, std::uint64_t after, std::uint64_t before) const;
    // Has all that it was asked for on the disk, so that a power failure cannot take it back.
    void flush_run(RunId run) const;

    const std::string& folder() const { return log_->folder(); }
    const std::vector<std::shared_ptr<Segment>>& segments() const { return hits_; }

private:
    const std::vector<std::shared_ptr<const UncountedHits>>& uncounted() const;
    HitsSummary summed_up() const;
    const Missing& missing() const;
    void each_counts(Hour since, Hour until, CountsFrame::Part part,
                     const std::function<void(const CountsFrame&)>& visit) const;

    std::shared_ptr<HitLog> log_;
    std::vector<std::shared_ptr<Segment>> hits_, counts_;  // by when they were begun
    CoveredFrames covered_;
    std::int64_t begun_ = 0;  // this look, seconds
    mutable Unpacker unpacker_;
    mutable std::unique_ptr<std::vector<std::shared_ptr<const UncountedHits>>> uncounted_;
    mutable std::unique_ptr<HitsSummary> summary_;
    std::vector<Damage> unreadable_;
    std::vector<SegmentId> unreadable_hits_;
    bool counts_retired_ = false;
    mutable std::unique_ptr<Missing> missing_;
    std::function<bool()> is_over_;
};

}  // namespace saring::hits
