#include "hits/missing.h"

#include <unistd.h>

#include <algorithm>

#include "hitlog/counts.h"
#include "hits/state.h"

namespace saring::hits {
namespace {

struct RunSegments {
    std::map<std::uint32_t, Segment*> there;  // by number; null: cannot be opened
    std::map<std::uint32_t, std::uint32_t> covered;
    std::uint32_t newest = 0;  // that is known of
    // Their sequences have the gaps of purges of an earlier version (takeover.h).
    bool is_taken_over = false;
};

class Search {
public:
    explicit Search(const MissingInputs& in) : in_(in), purged_(purged_by_segment(in.folder)) {}

    Missing run() {
        auto runs = by_run(in_.hits);
        for (const auto& id : in_.unreadable)
            if (auto run = runs.find(id.run); run != runs.end()) run->second.there.emplace(id.number, nullptr);
        for (auto& [run, segments] : runs) {
            for (auto at = in_.covered.lower_bound({run, 0}); at != in_.covered.end() && at->first.run == run; ++at)
                segments.covered.insert({at->first.number, at->second});
            if (!segments.covered.empty())
                segments.newest = std::max(segments.newest, segments.covered.rbegin()->first);
            note_cut(segments);
            if (!segments.is_taken_over) search(run, segments);
        }
        for (auto& [run, segments] : by_run(in_.counts)) note_cut(segments);
        search_counts();
        return std::move(out_);
    }

private:
    static std::map<RunId, RunSegments> by_run(const std::vector<std::shared_ptr<Segment>>& some) {
        std::map<RunId, RunSegments> out;
        for (const auto& s : some) {
            auto& run = out[s->id().run];
            run.there[s->id().number] = s.get();
            run.newest = std::max(run.newest, s->id().number);
            run.is_taken_over |= s->head().process == 0 && has_head(*s);
        }
        return out;
    }

    static bool has_head(const Segment& s) {
        return s.torn_bytes() < s.size() && (s.damage().empty() || s.damage().front().offset > 0);
    }
    std::string path_of(const Segment& s) const { return in_.folder + "/" + s.file_name(); }
    void note(const std::string& file, std::uint64_t hits, const Message& why, RunId run = 0, std::uint64_t first = 0) {
        out_.damage.push_back({file, 0, 0, hits, run, hits ? first : 0, hits ? first + hits - 1 : 0, why});
    }

    // A writer closes a segment before it begins the next.
    void note_cut(const RunSegments& run) {
        for (auto [number, s] : run.there)
            if (s && !s->is_closed() && number < run.newest)
                note(path_of(*s), 0, msg("is cut short: its end is missing"));
    }

    void search(RunId run, const RunSegments& segments) {
        const Segment* before = nullptr;
        for (auto [number, s] : segments.there) {
            if (!s || s->last_sequence() == 0) continue;
            auto end = before ? before->last_sequence() : 0;
            auto from = before ? before->id().number : 0;
            if (s->first_sequence() > end + 1 && (all_there(segments, from, number) || outlives(before, *s))) {
                auto gap = s->first_sequence() - end - 1;
                note_missing(*s, gap - std::min(gap, purged_between(run, from, number)), end + 1, true);
            }
            out_.hits += within(*s);
            before = s;
        }
        search_end(run, segments, before);
    }

    // Sequences of the segment that are in no frame of it.
    std::uint64_t within(const Segment& s) const {
        auto range = s.last_sequence() - s.first_sequence() + 1, known = s.hits() + purged_of(s.file_name());
        return range - std::min(range, known);
    }

    void note_missing(const Segment& s, std::uint64_t hits, std::uint64_t first, bool before) {
        if (hits == 0) return;
        out_.hits += hits;
        note(path_of(s), hits,
             before ? msgn("%1 hit before this file is missing: a file was removed or cut short",
                           "%1 hits before this file are missing: a file was removed or cut short", hits)
                    : msgn("%1 hit after this file's last is missing: a file was removed or cut short",
                           "%1 hits after this file's last are missing: a file was removed or cut short", hits),
             s.id().run, first);
    }

    // Nothing between `from` and `to` was removed, unless it was empty.
    static bool all_there(const RunSegments& segments, std::uint32_t from, std::uint32_t to) {
        auto n = std::distance(segments.there.upper_bound(from), segments.there.lower_bound(to));
        return static_cast<std::uint64_t>(n) + from + 1 == to;
    }
    // Retention removes `before` before all that lies between it and `after`, unless the clock was set back.
    bool outlives(const Segment* before, const Segment& after) const {
        return before && is_kept(*before) && before->begun() <= after.begun() && before->last() <= after.last();
    }
    // Closed, thus removed in turn, and there even now: retention did not come by during this look.
    bool is_kept(const Segment& s) const { return s.is_closed() && ::access(path_of(s).c_str(), F_OK) == 0; }

    // Counts name frames that are not there.
    void search_end(RunId run, const RunSegments& segments, const Segment* last) {
        std::uint64_t hits = 0;
        for (auto [number, to] : segments.covered) {
            if (last && number < last->id().number) continue;
            auto at = segments.there.find(number);
            bool is_there = at != segments.there.end();
            const Segment* s = is_there ? at->second : nullptr;
            if (is_there ? s && (s->is_closed() || to <= s->end_number()) : !last || !is_kept(*last)) continue;
            auto known = (s ? s->hits() : 0) + purged_between(run, number - 1, number + 1);
            auto recorded = recorded_in({run, number});
            hits += recorded - std::min(recorded, known);
        }
        if (last) return note_missing(*last, hits, last->last_sequence() + 1, false);
        for (auto [number, s] : segments.there)
            if (s) return note_missing(*s, hits, 1, false);
    }

    std::uint64_t recorded_in(const SegmentId& id) {
        std::uint64_t out = 0;
        for (const auto& s : in_.counts) {
            for (const auto& f : s->frames()) {
                const auto& h = f.header;
                if (h.type != FrameType::counts || h.a != id.run || h.b >> 32 != id.number) continue;
                auto payload = s->payload(f);
                if (!payload) continue;
                try {
                    CountsFrame counts(*payload, in_.unpacker, CountsFrame::Part::orders);
                    out += counts.total - std::min(counts.total, counts.dropped);
                } catch (const Error&) { s->note_damage(f); }
            }
            s->close_file();
        }
        return out;
    }

    // A closed segment says that counts cover all of it.
    void search_counts() {
        std::map<RunId, std::uint64_t> uncovered;  // files
        for (const auto& s : in_.hits) {
            // Closed before this look began: its counts were there then.
            if (s->hits() == 0 || !s->is_closed() || !s->is_counted() || s->modified() >= in_.begun) continue;
            auto at = in_.covered.find(s->id());
            if ((at != in_.covered.end() && at->second >= s->end_number()) || may_be_retired(*s)) continue;
            ++uncovered[s->id().run];
        }
        for (const auto& [run, files] : uncovered)
            note(newest_counts(run), 0,
                 msgn("the counts by hour of %1 file of hits are missing",
                      "the counts by hour of %1 files of hits are missing", files));
    }

    // Counts are retired by their age, the oldest first, and after all records where the log is too large.
    bool may_be_retired(const Segment& s) const {
        return in_.counts_retired && std::none_of(in_.counts.begin(), in_.counts.end(), [&](const auto& c) {
                   return c->last() > 0 && c->last() <= s.last();
               });
    }
    std::string newest_counts(RunId run) const {
        std::string out = in_.folder;
        for (const auto& c : in_.counts)
            if (c->id().run == run) out = path_of(*c);
        return out;
    }

    std::uint64_t purged_of(const std::string& file_name) const {
        auto at = purged_.find(file_name);
        return at == purged_.end() ? 0 : at->second;
    }
    // Of the segments of that run above `from` and below `to`.
    std::uint64_t purged_between(RunId run, std::uint32_t from, std::uint32_t to) const {
        std::uint64_t out = 0;
        for (const auto& [file_name, n] : purged_) {
            auto name = parse_segment_name(file_name);
            if (name && name->id.run == run && name->id.number > from && name->id.number < to) out += n;
        }
        return out;
    }

    const MissingInputs& in_;
    const std::map<std::string, std::uint64_t> purged_;
    Missing out_;
};

}  // namespace

Missing find_missing(const MissingInputs& inputs) { return Search(inputs).run(); }

}  // namespace saring::hits
