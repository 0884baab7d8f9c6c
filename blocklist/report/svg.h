// Charts as inline SVG, without a script or a style of their own: classes are coloured by the page,
// positions are percentages, so a chart fits any width while its letters keep their size.
// Integers only: no figure is too large, and no locale turns a point into a comma.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace saring::report {

// Grid lines at 0, step, 2 step, ... top; at most five steps, of 1, 2 or 5 times a power of ten.
struct SvgScale {
    std::uint64_t step = 1, top = 1;
};
SvgScale svg_scale(std::uint64_t most);

struct SvgColumn {
    std::string label;        // shown when pointed at
    std::string tick;         // below the axis; empty: none
    std::uint64_t value = 0;  // drawn from the axis
    std::uint64_t above = 0;  // drawn on top of it, in another colour
    bool hidden = false;      // its figure is withheld: marked as such
    std::string mark = {};    // what happened then: a line across the plot, with this text when pointed at
};

struct SvgChart {
    std::string id;  // of the page's elements; letters only
    std::string title, description;
    std::vector<SvgColumn> columns;
    std::function<std::string(std::uint64_t)> number;  // to text
};

std::string svg_columns(const SvgChart& chart);

// A bar for a table's row: `value` of `most`, and `above` beside it. For the eyes only, the
// row has the figure.
std::string svg_bar(std::uint64_t value, std::uint64_t above, std::uint64_t most);

}  // namespace saring::report
