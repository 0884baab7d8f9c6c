#include "hits/merge.h"

#include <algorithm>

namespace saring::hits {

// A frame's rows that are wanted.
struct Merge::Rows {
    RecordColumns columns;
    std::vector<std::uint32_t> rows;  // in the order in which they are visited
    std::size_t next = 0;
};

// An item that is not open yet comes before rows of its time.
bool Merge::is_later(const Coming& a, const Coming& b) const {
    if (a.time != b.time) return backwards_ ? a.time < b.time : a.time > b.time;
    if (a.kind != b.kind) return a.kind > b.kind;
    if (a.run != b.run) return backwards_ ? a.run < b.run : a.run > b.run;
    return backwards_ ? a.sequence < b.sequence : a.sequence > b.sequence;
}

void Merge::add(Segment& s) {
    if (s.hits() == 0 || s.last() < filter_.since || s.first() >= filter_.until ||
        s.last_sequence() <= after_of(after_, s.id().run))
        return;
    push({backwards_ ? s.last() : s.first(), Coming::segment, s.id().run, 0, &s, {}, nullptr});
}

void Merge::run(const std::function<bool(const Hit&)>& visit) {
    while (!heap_.empty()) {
        auto next = take_next();
        switch (next.kind) {
            case Coming::segment: open(*next.of); break;
            case Coming::frame: open(*next.of, next.at); break;
            case Coming::row: {
                auto& rows = *next.rows;
                if (!visit(rows.columns.hit(rows.rows[rows.next]))) return;
                ++rows.next;
                push_row(std::move(next));
            }
        }
    }
}

Merge::Coming Merge::take_next() {
    std::pop_heap(heap_.begin(), heap_.end(), [this](const auto& a, const auto& b) { return is_later(a, b); });
    auto next = std::move(heap_.back());
    heap_.pop_back();
    return next;
}

void Merge::push(Coming c) {
    heap_.push_back(std::move(c));
    std::push_heap(heap_.begin(), heap_.end(), [this](const auto& a, const auto& b) { return is_later(a, b); });
}

void Merge::push_row(Coming c) {
    auto& rows = *c.rows;
    if (rows.next >= rows.rows.size()) return;
    auto row = rows.rows[rows.next];
    c.time = rows.columns.time[row];
    c.sequence = rows.columns.sequence[row];
    push(std::move(c));
}

void Merge::open(Segment& s) {
    auto after = after_of(after_, s.id().run);
    for (const auto& f : s.frames()) {
        const auto& h = f.header;
        if (h.type != FrameType::hits || h.last < filter_.since || h.first >= filter_.until || h.b <= after) continue;
        push({backwards_ ? h.last : h.first, Coming::frame, s.id().run, h.a, &s, f, nullptr});
    }
    s.release();
}

void Merge::open(Segment& s, const FrameAt& f) {
    if (is_over_ && is_over_()) throw LookEnded();
    if (&s != open_ && open_) open_->release();
    open_ = &s;
    auto payload = s.payload(f);
    if (!payload) return;
    try {
        RecordColumns columns(f.header, *payload, unpacker_, &filter_);
        if (!columns.may_hold(filter_)) return;
        columns.read_columns(unpacker_);
        auto rows = columns.accepted(filter_);
        auto after = after_of(after_, s.id().run);
        std::erase_if(rows, [&](auto row) { return columns.sequence[row] <= after; });
        std::sort(rows.begin(), rows.end(), [&](auto a, auto b) {
            auto x = std::make_pair(columns.time[a], columns.sequence[a]),
                 y = std::make_pair(columns.time[b], columns.sequence[b]);
            return backwards_ ? y < x : x < y;
        });
        push_row(
            {0, Coming::row, s.id().run, 0, &s, f, std::make_shared<Rows>(Rows{std::move(columns), std::move(rows)})});
    } catch (const Error&) { s.note_damage(f); }
}

}  // namespace saring::hits
