#include "report/gather.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/hex.h"
#include "ledger/journal.h"
#include "ledger/quarantine.h"
#include "ledger/stored_order.h"
#include "report/changes.h"

namespace saring::report {
namespace {

constexpr UnixTime hour = 3600, day = 86400;
constexpr std::size_t most_held = 500;

UnixTime floor_to(UnixTime t, UnixTime width) { return t - ((t % width) + width) % width; }
hitlog::Hour hour_at(UnixTime t) { return hitlog::hour_of(t * hitlog::second_us); }

void add(Hits& hits, const hits::OrderHour& o) {
    (o.action == policy::Action::log ? hits.logged : hits.refused).count += o.count;
}

hits::HitFilter filter_of(const ReportRequest& request) {
    auto out = request.filter;
    out.since = request.since * hitlog::second_us;
    out.until = request.until * hitlog::second_us;
    return out;
}

std::uint64_t distinct_names(const std::vector<ReportName>& names) {
    std::set<std::string_view> out;
    for (const auto& n : names)
        if (!n.name.empty()) out.insert(n.name);
    return out.size();
}

template <typename Rows, typename Key>
void most_first(Rows& rows, Key key) {
    std::sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
        return std::make_tuple(b.hits.all(), key(a)) < std::make_tuple(a.hits.all(), key(b));
    });
}

class Gatherer {
public:
    Gatherer(const hits::HitsReader& hits, const ledger::Snapshot& blocklist, const config::Config& config,
             const ReportRequest& request)
        : hits_(hits), blocklist_(blocklist), config_(config), request_(request) {}

    ReportFigures run() {
        out_.isp = request_.isp;
        out_.since = request_.since;
        out_.made = request_.now;
        out_.until = std::min(request_.until, std::max(request_.now, request_.since));
        out_.bin_seconds = bin_width(request_.until - request_.since);
        out_.filter = request_.filter_shown;
        first_bin_ = floor_to(out_.since + request_.utc_offset, out_.bin_seconds) - request_.utc_offset;
        make_bins();
        count_hours();
        count_names();
        count_before();
        count_dropped();
        count_records();
        view_orders();
        view_held();
        out_.hits_database = hits_.summary();
        out_.hits_path = config_.hits.path;
        out_.blocklist_path = config_.database.path;
        out_.serial = blocklist_.serial();
        if (auto last = ledger::last_journal(blocklist_.transaction(), blocklist_.tables()))
            out_.journal_hash = hex(last->hash);
        out_.changes = gather_changes(blocklist_, request_.since, request_.until, request_.most);
        return std::move(out_);
    }

private:
    void make_bins() {
        for (UnixTime t = first_bin_; t < request_.until; t += out_.bin_seconds)
            out_.bins.push_back({t, t >= out_.since && t + out_.bin_seconds <= out_.until, {}});
    }

    void count_hours() {
        std::map<std::string, Hits> regions;
        std::map<policy::Action, std::uint64_t> actions;
        out_.from_records = hits::each_counted(hits_, filter_of(request_), [&](const hits::OrderHour& o) {
            add(out_.total, o);
            add(orders_[std::string(o.order)], o);
            add(regions[std::string(o.region)], o);
            add(out_.bins[static_cast<std::size_t>((UnixTime{o.hour} * hour - first_bin_) / out_.bin_seconds)].hits, o);
            actions[o.action] += o.count;
        });
        for (const auto& [code, hits] : regions) out_.regions.push_back({code, hits});
        most_first(out_.regions, [](const ReportRegion& r) { return r.code; });
        for (const auto& [action, count] : actions) out_.actions.push_back({to_string(action), count, {}});
        std::stable_sort(out_.actions.begin(), out_.actions.end(),
                         [](const auto& a, const auto& b) { return a.count > b.count; });
    }

    void count_names() {
        auto names = gather_names(hits_, request_);
        out_.names_hit.count = distinct_names(names);
        std::stable_sort(names.begin(), names.end(),
                         [](const auto& a, const auto& b) { return a.hits.count > b.hits.count; });
        if (names.size() > request_.most) {
            out_.names_left_out = names.size() - request_.most;
            names.resize(request_.most);
        }
        out_.names = std::move(names);
    }

    void count_before() {
        auto before = request_;
        before.since -= request_.until - request_.since;
        before.until = request_.since;
        const auto& summary = hits_.summary();
        auto from = out_.from_records ? summary.oldest : hitlog::Microseconds{summary.first_hour} * hitlog::hour_us;
        out_.has_before = from != 0 && from <= before.since * hitlog::second_us;
        if (!out_.has_before) return;
        hits::each_counted(hits_, filter_of(before), [&](const hits::OrderHour& o) { add(out_.total_before, o); });
        out_.names_before.count = distinct_names(gather_names(hits_, before));
    }

    void count_dropped() {
        hits_.each_dropped_hour(hour_at(request_.since), hour_at(request_.until),
                                [&](hitlog::Hour, std::uint64_t n) { out_.dropped.count += n; });
    }

    void count_records() {
        auto filter = filter_of(request_);
        std::vector<hits::RecordTally> wanted{
            {hits::TallyBy::transport, 10}, {hits::TallyBy::qtype, 12}, {hits::TallyBy::trigger, 10}};
        if (request_.clients) wanted.push_back({hits::TallyBy::client, request_.most});
        auto found = tally_records(hits_, wanted, filter);
        out_.records = found[0].total;
        out_.transports = std::move(found[0].rows);
        out_.qtypes = std::move(found[1].rows);
        out_.triggers = std::move(found[2].rows);
        out_.shows_clients = request_.clients;
        if (!request_.clients) return;
        out_.clients_left_out = found[3].distinct - found[3].rows.size();
        out_.clients = std::move(found[3].rows);
    }

    void view_orders() {
        blocklist_.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
            auto counted = orders_.find(r.id);
            bool hit = counted != orders_.end();
            bool passes = r.action.value_or(config_.answer.action) == policy::Action::passthru;
            bool held = r.effective < out_.until && std::min(r.expires, r.lifted) > out_.since;
            if (r.in_force(out_.until) && !passes)
                ++(r.kind == policy::OrderKind::list    ? out_.lists_in_force
                   : r.kind == policy::OrderKind::order ? out_.orders_in_force
                                                        : local_);
            if (!hit && (passes || !held || !request_.filter_shown.empty())) return;
            ReportOrder o{r.id, true, r, blocklist_.texts(index), r.state(request_.now), {}, {}, lifts_of(index, r)};
            if (hit) o.hits = counted->second;
            if (r.deadline != policy::never) ++out_.orders_with_deadline;
            out_.orders.push_back(std::move(o));
            if (hit) orders_.erase(counted);
        });
        // Of orders that are not in this database: another one's, or hits whose order could not be kept.
        for (const auto& [id, hits] : orders_) {
            ReportOrder o;
            o.id = id;
            o.hits = hits;
            out_.orders.push_back(std::move(o));
        }
        most_first(out_.orders, [](const ReportOrder& o) { return o.id; });
    }

    std::vector<ReportLift> lifts_of(policy::OrderIndex index, const policy::OrderRecord& r) const {
        std::vector<ReportLift> out;
        if (r.kind != policy::OrderKind::order) return out;
        auto document = blocklist_.document(index);
        if (!document) return out;
        for (const auto& l : ledger::stored_order(*document, r.id).revokes)
            out.push_back(
                {l.order, l.domain ? l.domain->to_string() : "", l.domain && l.match != policy::Match::exact});
        return out;
    }

    void view_held() {
        each_held(blocklist_.transaction(), blocklist_.tables(), [&](const ledger::Held& h) {
            auto order = blocklist_.order(h.order);
            if (state_of(h.record, order, request_.now) != ledger::HeldState::held) return;
            if (++out_.held_count > most_held) return;
            out_.held.push_back({target_text(h.kind, h.key), order.id, h.record.rule, h.record.why, h.record.since});
        });
    }

    const hits::HitsReader& hits_;
    const ledger::Snapshot& blocklist_;
    const config::Config& config_;
    const ReportRequest& request_;
    ReportFigures out_;
    UnixTime first_bin_ = 0;
    std::map<std::string, Hits> orders_;
    std::uint64_t local_ = 0;
};

}  // namespace

UnixTime bin_width(UnixTime span) {
    if (span <= 2 * day) return hour;
    if (span <= 93 * day) return day;
    if (span <= 731 * day) return 7 * day;
    return 28 * day;
}

ReportFigures gather_figures(const hits::HitsReader& hits, const ledger::Snapshot& blocklist,
                             const config::Config& config, const ReportRequest& request) {
    if (request.until - request.since > 36600 * day)
        throw Error(ErrorKind::usage, "--since", msg("and --until are more than 100 years apart"),
                    msg("ask for a shorter time"));
    return Gatherer(hits, blocklist, config, request).run();
}

std::vector<ReportName> gather_names(const hits::HitsReader& hits, const ReportRequest& request) {
    std::vector<ReportName> out;
    hits::each_matched(hits, filter_of(request),
                       [&](std::string_view order, const std::string& matched, std::uint64_t n) {
                           out.push_back({matched, std::string(order), {n, Figure::Shown::exact}});
                       });
    std::sort(out.begin(), out.end(), [](const ReportName& a, const ReportName& b) {
        return std::tie(a.order, a.name) < std::tie(b.order, b.name);
    });
    return out;
}

}  // namespace saring::report
