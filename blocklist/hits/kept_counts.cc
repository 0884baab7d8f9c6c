#include "hits/kept_counts.h"

#include <algorithm>
#include <limits>

#include "hitlog/retention.h"

namespace saring::hits {

void KeptCounts::read(Span& span, const Segments& counts, Unpacker& unpacker, const std::function<bool()>& is_over) {
    auto part = span.names ? CountsFrame::Part::all : CountsFrame::Part::orders;
    for (const auto& s : counts) {
        auto& next = span.next[s];
        for (const auto& f : s->frames()) {
            const auto& h = f.header;
            if (h.number < next) continue;
            if (is_over && is_over()) {
                s->close_file();
                throw LookEnded();
            }
            next = h.number + 1;
            if (h.type != FrameType::counts || hour_of(h.last) < span.since || hour_of(h.first) >= span.until) continue;
            auto payload = s->payload(f);
            if (!payload) continue;
            try {
                CountsFrame frame(*payload, unpacker, part);
                if (span.names) span.counts.add_names(frame, span.since, span.until);
                else span.counts.add_orders(frame, span.since, span.until);
            } catch (const Error& e) {
                if (e.kind() != ErrorKind::database) throw;
                s->note_damage(f);
            }
            if (span.counts.rows() > max_rows) {
                s->close_file();
                span.is_too_large = true;
                span.counts = HitCounts(0);
                return;
            }
        }
        s->close_file();
    }
}

const HitCounts* KeptCounts::span(const Segments& counts, Hour since, Hour until, bool names, Unpacker& unpacker,
                                  const std::function<bool()>& is_over) {
    // A page asks for several times that hold all counts, or end after all: each end is one.
    if (std::all_of(counts.begin(), counts.end(), [&](const auto& s) { return hour_of(s->first()) >= since; }))
        since = 0;
    if (std::all_of(counts.begin(), counts.end(), [&](const auto& s) { return hour_of(s->last()) < until; }))
        until = std::numeric_limits<Hour>::max();
    auto at = std::find_if(spans_.begin(), spans_.end(),
                           [&](const Span& s) { return s.since == since && s.until == until && s.names == names; });
    if (at != spans_.end()) {
        // A segment that is gone took its counts along.
        bool is_whole = std::all_of(at->next.begin(), at->next.end(), [&](const auto& known) {
            return std::find(counts.begin(), counts.end(), known.first) != counts.end();
        });
        if (!is_whole) spans_.erase(at), at = spans_.end();
    }
    if (at == spans_.end())
        spans_.push_front({since, until, names, HitCounts(std::numeric_limits<std::size_t>::max()), {}, false});
    else spans_.splice(spans_.begin(), spans_, at);
    auto& span = spans_.front();
    make_room();
    if (!span.is_too_large) read(span, counts, unpacker, is_over);
    return span.is_too_large ? nullptr : &span.counts;
}

// The one in use stays.
void KeptCounts::make_room() {
    std::size_t rows = 0;
    for (const auto& s : spans_) rows += s.counts.rows();
    while (spans_.size() > 1 && (spans_.size() > max_spans || rows > max_rows)) {
        rows -= spans_.back().counts.rows();
        spans_.pop_back();
    }
}

std::shared_ptr<const UncountedHits> KeptCounts::uncounted(const std::shared_ptr<Segment>& s, std::uint32_t covered,
                                                           Unpacker& unpacker) {
    auto& kept = uncounted_[s];
    if (!kept.hits || kept.covered != covered)
        kept = {covered, covered,
                std::make_shared<UncountedHits>(
                    UncountedHits{s->head().instance, HitCounts(std::numeric_limits<std::size_t>::max()), 0})};
    kept.next = count_frames(*s, kept.next, std::numeric_limits<std::size_t>::max(), unpacker, kept.hits->counts,
                             kept.hits->last);
    return kept.hits;
}

const Totals& KeptCounts::totals(const std::shared_ptr<Segment>& s, Unpacker& unpacker) {
    auto& kept = totals_[s];
    if (kept.size != s->size()) {
        kept = {s->size(), totals_of(*s, unpacker)};
        s->close_file();
    }
    return kept.totals;
}

void KeptCounts::forget_all_but(const std::set<const Segment*>& there) {
    auto is_gone = [&](const auto& known) { return !there.count(known.first.get()); };
    std::erase_if(uncounted_, is_gone);
    std::erase_if(totals_, is_gone);
}

}  // namespace saring::hits
