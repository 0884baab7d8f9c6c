#include "report/public.h"

#include <algorithm>
#include <map>

#include "geo/region_codes.h"
#include "report/suppress.h"

namespace saring::report {
namespace {

// The refused ones of a table's rows as a partition of `total`.
template <typename Rows>
void suppress_rows(Rows& rows, const Figure& total, std::uint64_t threshold) {
    std::vector<std::uint64_t> cells;
    for (const auto& row : rows) cells.push_back(row.hits.refused.count);
    auto shown = suppressed(cells, total, threshold);
    std::size_t i = 0;
    for (auto& row : rows) row.hits = {shown[i++], {}};
}

// The ISP's own entries are its own affair: one row.
void merge_local(std::vector<ReportOrder>& orders) {
    ReportOrder local;
    local.record.kind = policy::OrderKind::local;
    bool any = false;
    std::vector<ReportOrder> out;
    for (auto& o : orders) {
        if (o.known && o.record.kind == policy::OrderKind::local) {
            local.hits.refused.count += o.hits.refused.count;
            any = true;
        } else {
            out.push_back(std::move(o));
        }
    }
    if (any) out.push_back(std::move(local));
    orders = std::move(out);
}

void add_silent_provinces(std::vector<ReportRegion>& regions) {
    std::map<std::string, std::uint64_t> counts{{"", 0}};
    for (const auto& p : geo::provinces()) counts.emplace(p.code, 0);
    for (const auto& r : regions) counts[r.code] += r.hits.refused.count;
    regions.clear();
    for (const auto& [code, count] : counts) regions.push_back({code, {{count, Figure::Shown::exact}, {}}});
}

// Those shown first, most hits first; then by id or code, so that the place of a hidden one says nothing.
template <typename Rows, typename Key>
void order_rows(Rows& rows, Key key) {
    std::sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
        return a.hits.refused.count != b.hits.refused.count ? a.hits.refused.count > b.hits.refused.count
                                                            : key(a) < key(b);
    });
}

// The counts of names hold an order's refused and logged hits together, so only an order
// without logged ones has names that add up to its figure.
void add_names(std::vector<ReportOrder>& orders, const std::map<std::string, std::uint64_t>& logged,
               const std::vector<ReportName>& names, std::uint64_t threshold) {
    std::map<std::string, std::vector<ReportName>> by_order;
    for (const auto& n : names) by_order[n.order].push_back(n);
    for (auto& o : orders) {
        auto at = by_order.find(o.id);
        auto counted = logged.find(o.id);
        if (o.id.empty() || at == by_order.end() || !o.hits.refused.is_exact() ||
            (counted != logged.end() && counted->second > 0))
            continue;
        std::vector<std::uint64_t> cells;
        for (const auto& n : at->second) cells.push_back(n.hits.count);
        auto shown = suppressed(cells, o.hits.refused, threshold);
        for (std::size_t i = 0; i < shown.size(); ++i)
            if (shown[i].is_exact()) o.names.push_back({at->second[i].name, o.id, shown[i]});
    }
}

}  // namespace

ReportFigures public_figures(ReportFigures f, std::uint64_t threshold, bool shows_names,
                             const std::vector<ReportName>& names) {
    f.is_public = true;
    f.threshold = threshold;
    f.shows_names = shows_names;
    f.shows_clients = false;
    f.total = {suppressed(f.total.refused.count, threshold), suppressed(f.total.logged.count, threshold)};
    f.names_hit = suppressed(f.names_hit.count, threshold);
    f.dropped = suppressed(f.dropped.count, threshold);
    f.total_before = {suppressed(f.total_before.refused.count, threshold), {}};
    f.names_before = suppressed(f.names_before.count, threshold);

    std::map<std::string, std::uint64_t> logged;
    for (const auto& o : f.orders) logged[o.id] += o.hits.logged.count;
    merge_local(f.orders);
    add_silent_provinces(f.regions);
    suppress_rows(f.bins, f.total.refused, threshold);
    suppress_rows(f.orders, f.total.refused, threshold);
    suppress_rows(f.regions, f.total.refused, threshold);
    order_rows(f.orders, [](const ReportOrder& o) { return o.id; });
    order_rows(f.regions, [](const ReportRegion& r) { return r.code; });
    if (shows_names) add_names(f.orders, logged, names, threshold);

    f.names.clear();
    f.names_left_out = 0;
    f.actions.clear();
    f.transports.clear();
    f.qtypes.clear();
    f.triggers.clear();
    f.clients.clear();
    f.records = f.clients_left_out = 0;
    f.hits_database = {};
    f.hits_path.clear();
    f.blocklist_path.clear();
    f.held.clear();
    f.changes.targets.clear();
    f.changes.left_out = 0;
    return f;
}

}  // namespace saring::report
