#include "report/svg.h"

#include <algorithm>
#include <limits>

#include "text/html.h"

namespace saring::report {
namespace {

using Wide = unsigned __int128;
constexpr std::uint64_t whole = 100000;  // 100 %, in thousandths of a percent

// part / of, of `span` thousandths; something never looks like nothing.
std::uint64_t share(std::uint64_t part, std::uint64_t of, std::uint64_t span) {
    if (part == 0 || of == 0) return 0;
    auto out = static_cast<std::uint64_t>(Wide{part} * span / of);
    return std::min(span, std::max<std::uint64_t>(out, 300));
}

std::string percent(std::uint64_t thousandths) {
    std::string rest = std::to_string(1000 + thousandths % 1000).substr(1);
    while (!rest.empty() && rest.back() == '0') rest.pop_back();
    return std::to_string(thousandths / 1000) + (rest.empty() ? "" : "." + rest) + "%";
}

std::string rect(const char* name, std::uint64_t x, std::uint64_t y, std::uint64_t width, std::uint64_t height) {
    return std::string("<rect class=\"") + name + "\" x=\"" + percent(x) + "\" y=\"" + percent(y) + "\" width=\"" +
           percent(width) + "\" height=\"" + percent(height) + "\"/>";
}

std::string text(const char* name, std::uint64_t x, std::uint64_t y, const std::string& content) {
    return std::string("<text class=\"") + name + "\" x=\"" + percent(x) + "\" y=\"" + percent(y) + "\">" +
           html_escape(content) + "</text>";
}

// The plot, between the room for the uppermost number and that for the ticks.
constexpr std::uint64_t plot_top = 8000, plot_bottom = 88000, plot = plot_bottom - plot_top;

}  // namespace

SvgScale svg_scale(std::uint64_t most) {
    if (most <= 1) return {1, 1};
    Wide power = 1;
    while (true) {
        for (unsigned times : {1u, 2u, 5u}) {
            Wide step = power * times, steps = (Wide{most} + step - 1) / step;
            if (steps > 5) continue;
            // The last multiple may lie beyond the integers; the line then stands at their end.
            auto top = std::min<Wide>(step * steps, std::numeric_limits<std::uint64_t>::max());
            return {static_cast<std::uint64_t>(step), static_cast<std::uint64_t>(top)};
        }
        power *= 10;
    }
}

std::string svg_columns(const SvgChart& c) {
    std::uint64_t most = 0;
    for (const auto& column : c.columns) most = std::max(most, column.value + column.above);
    auto scale = svg_scale(most);
    std::string title = c.id + "-title", description = c.id + "-desc";
    std::string out = "<svg class=\"columns\" role=\"img\" aria-labelledby=\"" + title + " " + description +
                      "\" width=\"100%\" height=\"100%\">";
    out += "<title id=\"" + title + "\">" + html_escape(c.title) + "</title><desc id=\"" + description + "\">" +
           html_escape(c.description) + "</desc>";
    auto line_at = [&](std::uint64_t value) {
        return plot_bottom - static_cast<std::uint64_t>(Wide{value} * plot / scale.top);
    };
    std::vector<std::uint64_t> lines;
    for (Wide v = 0; v <= scale.top; v += scale.step) lines.push_back(static_cast<std::uint64_t>(v));
    for (auto v : lines) {
        auto y = percent(line_at(v));
        out += std::string("<line class=\"") + (v == 0 ? "axis" : "grid") + "\" x1=\"0%\" x2=\"100%\" y1=\"" + y +
               "\" y2=\"" + y + "\"/>";
    }
    auto n = std::max<std::uint64_t>(c.columns.size(), 1);
    for (std::uint64_t i = 0; i < c.columns.size(); ++i) {
        const auto& column = c.columns[i];
        // A few columns are no walls.
        auto slot_begin = whole * i / n, slot = whole / n, width = std::min<std::uint64_t>(slot * 4 / 5, 9000);
        auto x = slot_begin + (slot - width) / 2;
        auto value = share(column.value, scale.top, plot),
             above = std::min(share(column.above, scale.top, plot), plot - value);
        out += "<g><title>" + html_escape(column.label) + "</title>" + rect("hover", slot_begin, plot_top, slot, plot);
        if (value) out += rect("value", x, plot_bottom - value, width, value);
        if (above) out += rect("above", x, plot_bottom - value - above, width, above);
        if (column.hidden) out += rect("hidden", x, plot_bottom - 4000, width, 4000);
        out += "</g>";
        if (!column.mark.empty()) {
            auto at = percent(slot_begin + slot / 2);
            auto where = "x1=\"" + at + "\" x2=\"" + at + "\" y1=\"" + percent(plot_top) + "\" y2=\"" +
                         percent(plot_bottom) + "\"/>";
            out += "<g><title>" + html_escape(column.mark) + "</title><line class=\"halo\" " + where +
                   "<line class=\"mark\" " + where + "</g>";
        }
        if (!column.tick.empty()) {
            // The outermost ones stay within the picture.
            auto middle = slot_begin + slot / 2;
            bool left = middle<8000, right = middle> whole - 8000;
            out += text(left    ? "tick first"
                        : right ? "tick last"
                                : "tick",
                        left    ? 0
                        : right ? whole
                                : middle,
                        97000, column.tick);
        }
    }
    for (auto v : lines)
        if (v > 0) out += text("number", 0, line_at(v) - 1200, c.number ? c.number(v) : std::to_string(v));
    return out + "</svg>";
}

std::string svg_bar(std::uint64_t value, std::uint64_t above, std::uint64_t most) {
    auto first = share(value, most, whole), second = std::min(share(above, most, whole), whole - first);
    std::string out = "<svg class=\"bar\" aria-hidden=\"true\" focusable=\"false\" width=\"100%\" height=\"12\">";
    if (first) out += rect("value", 0, 0, first, whole);
    if (second) out += rect("above", first, 0, second, whole);
    return out + "</svg>";
}

}  // namespace saring::report
