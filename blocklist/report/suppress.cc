#include "report/suppress.h"

#include <algorithm>
#include <numeric>

namespace saring::report {
namespace {

using Shown = Figure::Shown;

// The hidden cells of a table: `few` ones, `withheld` ones, their sum.
struct Hidden {
    std::uint64_t few = 0, withheld = 0, sum = 0;

    // Whether every few cell could be 0 and could be threshold - 1.
    bool is_open(std::uint64_t threshold) const {
        if (few == 0) return true;
        bool any_small = withheld > 0 || (few - 1) * (threshold - 1) >= sum;
        bool any_large = sum >= threshold - 1 + withheld * threshold;
        return sum >= threshold && any_small && any_large;
    }
};

}  // namespace

Figure suppressed(std::uint64_t count, std::uint64_t threshold) {
    if (count >= threshold) return {count, Shown::exact};
    return {0, Shown::few};
}

std::vector<Figure> suppressed(const std::vector<std::uint64_t>& cells, const Figure& total, std::uint64_t threshold) {
    std::vector<Figure> out;
    Hidden hidden;
    std::vector<std::size_t> large;  // cells that may be withheld, smallest first
    for (std::size_t i = 0; i < cells.size(); ++i) {
        out.push_back(suppressed(cells[i], threshold));
        if (out[i].is_exact()) {
            large.push_back(i);
        } else {
            ++hidden.few;
            hidden.sum += cells[i];
        }
    }
    // A total that nobody knows: every cell is few, or the total were not.
    if (!total.is_exact()) return std::vector<Figure>(cells.size(), Figure{0, Shown::few});

    std::stable_sort(large.begin(), large.end(), [&](auto a, auto b) { return cells[a] < cells[b]; });
    auto with = [&](std::size_t i) { return Hidden{hidden.few, hidden.withheld + 1, hidden.sum + cells[i]}; };
    auto withhold = [&](std::size_t i) {
        hidden = with(i);
        out[i] = {0, Shown::withheld};
    };
    if (!hidden.is_open(threshold)) {
        // The smallest that suffices alone; else the largest, as many as it takes.
        auto enough = std::find_if(large.begin(), large.end(), [&](auto i) { return with(i).is_open(threshold); });
        if (enough != large.end()) withhold(*enough);
        for (auto i = large.rbegin(); i != large.rend() && !hidden.is_open(threshold); ++i) withhold(*i);
    }
    // Without marks that tell few from withheld, a cell may be anything.
    if (!hidden.is_open(threshold)) return std::vector<Figure>(cells.size(), Figure{0, Shown::withheld});
    return out;
}

}  // namespace saring::report
