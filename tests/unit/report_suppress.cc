// No suppressed figure can be computed from the published ones: tries every table with the same appearance.
#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "report/public.h"
#include "report/suppress.h"

#include "support.h"

using namespace saring;
using namespace saring::test;

namespace {

using Shown = report::Figure::Shown;

bool looks_like(std::uint64_t cell, const report::Figure& f, std::uint64_t threshold) {
    if (f.is_exact()) return cell == f.count;
    return f.shown == Shown::few ? cell < threshold : cell >= threshold;
}

// The values of cell `wanted` in all tables with that total that would be published with the same figures and marks. A
// table that is withheld whole has no marks.
std::set<std::uint64_t> possible(const std::vector<report::Figure>& shown, std::uint64_t total, std::uint64_t threshold,
                                 std::size_t wanted) {
    bool whole =
        std::all_of(shown.begin(), shown.end(), [](const report::Figure& f) { return f.shown == Shown::withheld; });
    std::set<std::uint64_t> out;
    std::vector<std::uint64_t> cells(shown.size());
    std::function<void(std::size_t, std::uint64_t)> fill = [&](std::size_t i, std::uint64_t left) {
        if (i + 1 == cells.size()) {
            cells[i] = left;
            if (whole || looks_like(left, shown[i], threshold)) out.insert(cells[wanted]);
            return;
        }
        if (shown[i].is_exact() && shown[i].count > left) return;
        for (auto v = shown[i].is_exact() ? shown[i].count : 0; v <= (shown[i].is_exact() ? shown[i].count : left);
             ++v) {
            if (!whole && !looks_like(v, shown[i], threshold)) continue;
            cells[i] = v;
            fill(i + 1, left - v);
        }
    };
    fill(0, total);
    return out;
}

}  // namespace

TEST_CASE("report: in random tables every small cell may have any value below the threshold") {
    Random random(11);
    for (int round = 0; round < 3000; ++round) {
        std::uint64_t threshold = 2 + random.below(4), total = 0;
        std::vector<std::uint64_t> cells(2 + random.below(3));
        for (auto& c : cells) total += c = random.one_in(2) ? random.below(threshold) : random.below(14);
        auto shown = report::suppressed(cells, report::suppressed(total, threshold), threshold);
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (shown[i].is_exact()) {
                CHECK(shown[i].count == cells[i]);
                CHECK(cells[i] >= threshold);
                continue;
            }
            CHECK(shown[i].count == 0);       // a zero needs no protection
            if (total < threshold) continue;  // the total is withheld too
            auto could_be = possible(shown, total, threshold, i);
            INFO("cell " << i << " of " << cells.size() << ", total " << total << ", threshold " << threshold);
            CHECK(could_be.size() > 1);
            if (cells[i] < threshold)
                for (std::uint64_t v = 0; v < threshold; ++v) CHECK(could_be.count(v) == 1);
        }
    }
}

TEST_CASE("report: with a single small cell the smallest sufficient other one is hidden too") {
    auto shown = report::suppressed({3, 500, 40, 25}, {568, Shown::exact}, 10);
    CHECK(shown[0].shown == Shown::few);
    CHECK(shown[3].shown == Shown::withheld);
    CHECK((shown[1].count == 500 && shown[2].count == 40));
}

TEST_CASE("report: without small cells nothing is hidden, and with a small total everything") {
    for (const auto& f : report::suppressed({10, 11}, {21, Shown::exact}, 10)) CHECK(f.is_exact());
    for (const auto& f : report::suppressed({3, 2}, report::suppressed(5, 10), 10)) CHECK(f.shown == Shown::few);
    CHECK(report::suppressed({}, {0, Shown::few}, 10).empty());
}

TEST_CASE("report: two small cells that their sum reveals are withheld with their table") {
    for (const auto& f : report::suppressed({9, 9}, {18, Shown::exact}, 10)) CHECK(f.shown == Shown::withheld);
}

TEST_CASE(
    "report: the tables of a public report together determine no hidden cell, whatever orders, regions and days the "
    "hits have") {
    Random random(5);
    for (int round = 0; round < 300; ++round) {
        report::ReportFigures f;
        std::size_t orders = 1 + random.below(4), days = 1 + random.below(4);
        f.orders.resize(orders);
        f.bins.resize(days);
        std::map<std::string, std::uint64_t> regions;
        std::vector<report::ReportName> names;
        for (std::size_t o = 0; o < orders; ++o) {
            f.orders[o].id = "B-" + std::to_string(o);
            f.orders[o].known = true;
            for (int n = 0; n < 2; ++n) {
                std::uint64_t count = random.one_in(3) ? random.below(8) : random.below(90);
                names.push_back({"site" + std::to_string(n) + ".example", f.orders[o].id, {count, Shown::exact}});
                for (std::uint64_t i = 0; i < count; ++i) {
                    ++f.orders[o].hits.refused.count;
                    ++f.bins[random.below(days)].hits.refused.count;
                    ++regions[random.pick<std::string>({"ID-JK", "ID-JK", "ID-JK", "ID-PA", "ID-AC", ""})];
                    ++f.total.refused.count;
                }
            }
        }
        for (const auto& [code, count] : regions) f.regions.push_back({code, {{count, Shown::exact}, {}}});
        auto shown = public_figures(f, 10, true, names);
        // All equations between cells: each table with its total, each order with its names. A hidden cell is
        // determined only by an equation in which it is the only one, since the tables' hidden cells are different
        // unknowns.
        auto hidden_in = [](const auto& rows) {
            return std::count_if(rows.begin(), rows.end(), [](const auto& r) { return !r.hits.refused.is_exact(); });
        };
        if (shown.total.refused.is_exact()) {
            CHECK(hidden_in(shown.bins) != 1);
            CHECK(hidden_in(shown.orders) != 1);
            CHECK(hidden_in(shown.regions) != 1);
        }
        for (const auto& o : shown.orders) {
            if (!o.hits.refused.is_exact()) CHECK(o.names.empty());
            if (!o.names.empty()) {
                std::uint64_t told = 0;
                std::size_t there = 0;
                for (const auto& n : o.names) told += n.hits.count;
                for (const auto& n : names) there += n.order == o.id;
                if (o.names.size() < there) CHECK(there - o.names.size() != 1);
                CHECK(told <= o.hits.refused.count);
            }
        }
        for (const auto& r : shown.regions)
            if (!r.hits.refused.is_exact()) CHECK(r.hits.refused.count == 0);
    }
}
