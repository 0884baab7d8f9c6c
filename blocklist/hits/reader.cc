#include "hits/reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <set>
#include <unordered_map>

#include "base/time.h"
#include "hitlog/retention.h"
#include "hits/merge.h"
#include "hits/state.h"

namespace saring::hits {

std::shared_ptr<Segment> HitLog::segment(const SegmentFile& file) {
    auto known = known_.find(file.file_name);
    if (known != known_.end() && known->second.first == file.inode && known->second.second->refresh())
        return known->second.second;
    auto fresh = Segment::open(folder_, file.file_name);
    known_[file.file_name] = {file.inode, fresh};
    return fresh;
}

// Segments that were retired.
void HitLog::forget_all_but(const std::vector<std::shared_ptr<Segment>>& hits,
                            const std::vector<std::shared_ptr<Segment>>& counts) {
    if (known_.size() == hits.size() + counts.size()) return;
    std::set<const Segment*> there;
    for (const auto* some : {&hits, &counts})
        for (const auto& s : *some) there.insert(s.get());
    std::erase_if(known_, [&](const auto& k) { return !there.count(k.second.second.get()); });
    kept_.forget_all_but(there);
}

std::uint64_t HitsSummary::recorded() const {
    std::uint64_t n = 0;
    for (const auto& i : instances) n += i.recorded;
    return n;
}

std::uint64_t HitsSummary::dropped() const {
    std::uint64_t n = 0;
    for (const auto& i : instances) n += i.dropped;
    return n;
}

void require_hit_log(const std::string& folder) {
    if (folder.empty())
        throw NoHitLog(ErrorKind::database, msg("hit log"), msg("hits.path is empty: hits are not recorded"));
    if (folder_exists(folder)) return;
    if (::access(folder.c_str(), F_OK) == 0)
        throw Error(ErrorKind::database, folder, msg("is not a folder"),
                    msg("correct hits.path, or move the file away"));
    throw NoHitLog(ErrorKind::database, msg("hit log"), msg("%1 is not there", folder),
                   msg("it is made by the first resolver that loads the module with this hits.path"));
}

HitsReader::HitsReader(std::shared_ptr<HitLog> log, std::function<bool()> is_over)
    : log_(std::move(log)), begun_(now_unix()), is_over_(std::move(is_over)) {
    require_hit_log(log_->folder());
    // Counts first: what is counted after this look at them is seen among the records.
    for (auto kind : {SegmentKind::counts, SegmentKind::hits})
        for (const auto& file : segment_files(log_->folder())) {
            if (file.name.kind != kind) continue;
            try {
                if (auto s = log_->segment(file))
                    (kind == SegmentKind::counts ? counts_ : hits_).push_back(std::move(s));
                else counts_retired_ |= kind == SegmentKind::counts;
            } catch (const Error&) {
                if (::access((log_->folder() + "/" + file.file_name).c_str(), R_OK) != 0 && hits_.empty() &&
                    counts_.empty())
                    throw;
                unreadable_.push_back({log_->folder() + "/" + file.file_name, 0, file.size});
                if (kind == SegmentKind::hits) unreadable_hits_.push_back(file.name.id);
            }
        }
    log_->forget_all_but(hits_, counts_);
    std::set<SegmentId> inherited;
    for (const auto& s : counts_) {
        for (const auto& frame : s->frames()) {
            const auto& h = frame.header;
            if (h.type == FrameType::inherited) inherited.insert({h.a, static_cast<std::uint32_t>(h.b)});
            if (h.type != FrameType::counts) continue;
            auto& to = covered_[{h.a, static_cast<std::uint32_t>(h.b >> 32)}];
            to = std::max(to, static_cast<std::uint32_t>(h.b));
        }
        s->close_file();  // its frames are few, and asked for at each look
    }
    for (const auto& id : inherited) counts_retired_ |= id.number > 0;  // 0: takeover.h
    counts_.erase(
        std::remove_if(counts_.begin(), counts_.end(), [&](const auto& s) { return inherited.count(s->id()) > 0; }),
        counts_.end());
}

void HitsReader::each(const HitFilter& filter, Direction direction, const std::function<bool(const Hit&)>& visit,
                      const Position* after) const {
    Merge merge(filter, direction == Direction::newest_first, after, unpacker_, is_over_);
    for (const auto& s : hits_) merge.add(*s);
    merge.run(visit);
    for (const auto& s : hits_) s->release();
}

void HitsReader::each_columns(
    const HitFilter& filter,
    const std::function<void(const RecordColumns&, const std::vector<std::uint32_t>&)>& visit) const {
    for (const auto& s : hits_) {
        if (s->hits() == 0 || s->last() < filter.since || s->first() >= filter.until) continue;
        for (const auto& f : s->frames()) {
            if (f.header.type != FrameType::hits || f.header.last < filter.since || f.header.first >= filter.until)
                continue;
            if (is_over_ && is_over_()) throw LookEnded();
            auto payload = s->payload(f);
            if (!payload) continue;
            try {
                RecordColumns columns(f.header, *payload, unpacker_, &filter);
                if (!columns.may_hold(filter)) continue;
                columns.read_columns(unpacker_);
                if (auto rows = columns.accepted(filter); !rows.empty()) visit(columns, rows);
            } catch (const Error& e) {
                if (e.kind() != ErrorKind::database) throw;
                s->note_damage(f);
            }
        }
        s->release();
    }
}

std::uint64_t HitsReader::count(Microseconds since, Microseconds until) const {
    std::uint64_t n = 0;
    for (const auto& s : hits_) {
        if (s->hits() == 0 || s->last() < since || s->first() >= until) continue;
        if (s->first() >= since && s->last() < until) {
            n += s->hits();
            continue;
        }
        for (const auto& f : s->frames()) {
            const auto& h = f.header;
            if (h.type != FrameType::hits || h.last < since || h.first >= until) continue;
            if (h.first >= since && h.last < until) {
                n += h.count;
                continue;
            }
            auto payload = s->payload(f);
            if (!payload) continue;
            try {
                RecordColumns columns(h, *payload, unpacker_);
                columns.read_columns(unpacker_);
                n += static_cast<std::uint64_t>(std::count_if(columns.time.begin(), columns.time.end(),
                                                              [&](auto t) { return t >= since && t < until; }));
            } catch (const Error&) { s->note_damage(f); }
        }
        s->release();
    }
    return n;
}

void HitsReader::each_of_run(RunId run, std::uint64_t after,
                             const std::function<bool(const RecordColumns&)>& visit) const {
    std::vector<std::shared_ptr<Segment>> segments;
    for (const auto& s : hits_)
        if (s->id().run == run && s->hits() > 0 && s->last_sequence() > after) segments.push_back(s);
    // Not by time: a clock may have been set back.
    std::sort(segments.begin(), segments.end(), [](const auto& a, const auto& b) { return a->id() < b->id(); });
    for (const auto& s : segments) {
        for (const auto& f : s->frames()) {
            if (f.header.type != FrameType::hits || f.header.b <= after) continue;
            auto payload = s->payload(f);
            if (!payload) continue;
            RecordColumns columns(f.header, *payload, unpacker_);
            columns.read_columns(unpacker_);
            if (!visit(columns)) return s->release();
        }
        s->release();
    }
}

std::vector<Run> HitsReader::runs() const {
    std::vector<Run> out;
    std::unordered_map<RunId, std::size_t> at;
    for (const auto& s : hits_) {
        auto [known, is_new] = at.try_emplace(s->id().run, out.size());
        if (is_new) out.push_back({s->id().run, s->head().instance, s->begun(), 0});
        auto& run = out[known->second];
        run.last_sequence = std::max(run.last_sequence, s->last_sequence());
    }
    return out;
}

Position HitsReader::ends() const {
    Position out;
    for (const auto& run : runs()) out[run.id] = run.last_sequence;
    return out;
}

const std::vector<std::shared_ptr<const UncountedHits>>& HitsReader::uncounted() const {
    if (uncounted_) return *uncounted_;
    uncounted_ = std::make_unique<std::vector<std::shared_ptr<const UncountedHits>>>();
    for (const auto& s : hits_) {
        // Closed before this look began: its counts were there then.
        if (s->is_counted() && s->modified() < begun_) continue;
        auto covered = covered_.find(s->id());
        auto u = log_->kept_.uncounted(s, covered == covered_.end() ? 0 : covered->second, unpacker_);
        s->release();
        if (!u->counts.empty()) uncounted_->push_back(std::move(u));
    }
    return *uncounted_;
}

void HitsReader::each_counts(Hour since, Hour until, CountsFrame::Part part,
                             const std::function<void(const CountsFrame&)>& visit) const {
    for (const auto& s : counts_) {
        for (const auto& f : s->frames()) {
            const auto& h = f.header;
            if (h.type != FrameType::counts || hour_of(h.last) < since || hour_of(h.first) >= until) continue;
            if (is_over_ && is_over_()) throw LookEnded();
            auto payload = s->payload(f);
            if (!payload) continue;
            try {
                visit(CountsFrame(*payload, unpacker_, part));
            } catch (const Error& e) {
                if (e.kind() != ErrorKind::database) throw;
                s->note_damage(f);
            }
        }
        s->release();
    }
}

void HitsReader::each_order_hour(Hour since, Hour until, const std::function<void(const OrderHour&)>& visit) const {
    auto row = [&](const HitCounts::OrderRow& r) {
        if (r.hour >= since && r.hour < until) visit({r.hour, r.order, r.region, r.action, r.n});
    };
    if (auto span = log_->kept_.span(counts_, since, until, false, unpacker_, is_over_)) span->each_order(row);
    else each_counts(since, until, CountsFrame::Part::orders, [&](const CountsFrame& c) { c.each_order(row); });
    for (const auto& u : uncounted()) u->counts.each_order(row);
}

void HitsReader::each_name_hour(Hour since, Hour until, const std::function<void(const NameHour&)>& visit) const {
    std::unordered_map<Bytes, std::string> texts;  // a name occurs in many hours
    auto row = [&](const HitCounts::NameRow& r) {
        if (r.hour < since || r.hour >= until) return;
        auto [text, is_new] = texts.try_emplace(Bytes(r.matched));
        if (is_new) text->second = matched_text(r.matched);
        visit({r.hour, std::string(r.order), text->second, r.n});
    };
    each_counts(since, until, CountsFrame::Part::all, [&](const CountsFrame& c) { c.each_name(row); });
    for (const auto& u : uncounted()) u->counts.each_name(row);
}

HitCounts HitsReader::names(Hour since, Hour until) const {
    HitCounts out(std::numeric_limits<std::size_t>::max());
    if (auto span = log_->kept_.span(counts_, since, until, true, unpacker_, is_over_)) out = *span;
    else
        each_counts(since, until, CountsFrame::Part::all,
                    [&](const CountsFrame& c) { out.add_names(c, since, until); });
    for (const auto& u : uncounted())
        u->counts.each_name([&](const HitCounts::NameRow& r) {
            if (r.hour >= since && r.hour < until) out.add_row(HitCounts::NameRow{0, r.order, r.matched, r.n});
        });
    return out;
}

void HitsReader::each_dropped_hour(Hour since, Hour until,
                                   const std::function<void(Hour, std::uint64_t)>& visit) const {
    auto each = [&](const std::map<Hour, std::uint64_t>& hours) {
        for (const auto& [hour, n] : hours)
            if (hour >= since && hour < until) visit(hour, n);
    };
    if (auto span = log_->kept_.span(counts_, since, until, false, unpacker_, is_over_)) each(span->dropped_hours());
    else each_counts(since, until, CountsFrame::Part::orders, [&](const CountsFrame& c) { each(c.dropped_hours); });
    for (const auto& u : uncounted()) each(u->counts.dropped_hours());
}

Totals HitsReader::totals() const {
    Totals out;
    for (const auto& s : counts_) out.add(log_->kept_.totals(s, unpacker_));
    for (const auto& u : uncounted())
        out.add(u->instance, u->counts, u->counts.total(), u->counts.dropped(), u->counts.uncounted(), u->last);
    return out;
}

const HitsSummary& HitsReader::summary() const {
    if (!summary_) summary_ = std::make_unique<HitsSummary>(summed_up());
    return *summary_;
}

HitsSummary HitsReader::summed_up() const {
    HitsSummary s;
    auto sums = totals();
    for (const auto& [name, i] : sums.instances)
        s.instances.push_back({name, i.recorded, i.dropped, i.uncounted, i.last});
    Microseconds first_hour = 0, last_hour = 0;
    auto widen = [](Microseconds& least, Microseconds& greatest, Microseconds from, Microseconds to) {
        bool is_first = least == 0 && greatest == 0;
        least = is_first ? from : std::min(least, from);
        greatest = is_first ? to : std::max(greatest, to);
    };
    for (const auto& segment : hits_) {
        s.kept += segment->hits();
        s.bytes += segment->size();
        if (segment->hits() > 0) widen(s.oldest, s.newest, segment->first(), segment->last());
    }
    for (const auto& segment : counts_) {
        s.bytes += segment->size();
        if (segment->last() > 0) widen(first_hour, last_hour, segment->first(), segment->last());
    }
    for (const auto& u : uncounted())
        u->counts.each_order(
            [&](const HitCounts::OrderRow& r) { widen(first_hour, last_hour, r.hour * hour_us, r.hour * hour_us); });
    s.first_hour = hour_of(first_hour);
    s.last_hour = hour_of(last_hour);
    s.id = known_log_id(folder());
    s.runs = runs();
    for (const auto& run : s.runs) s.last_sequence += run.last_sequence;
    s.purged = purged_hits(folder());
    s.missing = missing().hits;
    auto gone = s.recorded() - std::min(s.recorded(), s.kept);
    s.purged = std::min(s.purged, gone);
    s.expired = gone - s.purged - std::min(s.missing, gone - s.purged);
    for (auto& c : consumers(folder())) {
        HitsConsumer out{c.name, 0};
        for (const auto& run : s.runs) out.sequence += std::min(run.last_sequence, after_of(&c.shipped, run.id));
        s.consumers.push_back(out);
    }
    return s;
}

const Missing& HitsReader::missing() const {
    if (!missing_)
        missing_ = std::make_unique<Missing>(
            find_missing({folder(), hits_, unreadable_hits_, counts_, covered_, counts_retired_, begun_, unpacker_}));
    return *missing_;
}

void HitsReader::check_frames() const {
    for (const auto* some : {&hits_, &counts_})
        for (const auto& s : *some) {
            for (const auto& f : s->frames()) s->payload(f);
            s->release();
        }
}

std::uint64_t HitsReader::lost_between(RunId run, std::uint64_t after, std::uint64_t before) const {
    std::uint64_t out = 0;
    for (const auto& d : damage()) {
        auto first = std::max(d.first_sequence, after + 1), end = std::min(d.last_sequence + 1, before);
        if (d.run == run && d.first_sequence > 0 && first < end) out += end - first;
    }
    return out;
}

std::vector<Damage> HitsReader::damage() const {
    auto out = unreadable_;
    out.insert(out.end(), missing().damage.begin(), missing().damage.end());
    for (const auto* some : {&hits_, &counts_})
        for (const auto& s : *some) out.insert(out.end(), s->damage().begin(), s->damage().end());
    return out;
}

void HitsReader::flush_run(RunId run) const {
    for (const auto& s : hits_) {
        if (s->id().run != run || s->is_closed()) continue;
        int fd = ::open((folder() + "/" + s->file_name()).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0) continue;
        ::fdatasync(fd);
        ::close(fd);
    }
}

}  // namespace saring::hits
