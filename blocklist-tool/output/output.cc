#include "output/output.h"

#include "base/time_text.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "base/standard_output.h"
#include "policy/rehearsal.h"

namespace saring::tool {
void print(const std::string& line, const char* end) {
    standard_output::write(line);
    standard_output::write(end);
}

void print_json(const Json& value) { print(value.dump(2, ' ', true, Json::error_handler_t::replace)); }

std::string json_line(const Json& value) { return value.dump(-1, ' ', true, Json::error_handler_t::replace); }

void complain(const std::string& line) { std::fprintf(stderr, "%s\n", shown(line).c_str()); }

std::string padded(const std::string& text, std::size_t columns) {
    auto width = display_width(text);
    return text + std::string(columns > width ? columns - width : 0, ' ');
}

std::string cut(const std::string& text, std::size_t columns) {
    if (display_width(text) <= columns) return text;
    std::string out;
    for (std::string_view left = text; !left.empty();) {
        auto one = left.substr(0, first_character(left).size);
        if (display_width(out + std::string(one)) + 1 > columns) break;
        out += one;
        left.remove_prefix(one.size());
    }
    return out + "…";
}

std::string table_line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        auto cell = i < widths.size() ? cut(cells[i], widths[i]) : cells[i];
        out += i + 1 < cells.size() ? padded(cell, widths[i] + 2) : cell;
    }
    return out;
}

void fit(std::vector<std::size_t>& widths, std::size_t columns) {
    constexpr std::size_t least = 8;
    auto needed = [&] {
        return std::accumulate(widths.begin(), widths.end(), widths.empty() ? std::size_t{0} : 2 * (widths.size() - 1));
    };
    while (needed() > columns) {
        auto widest = std::max_element(widths.begin(), widths.end());
        if (widest == widths.end() || *widest <= least) return;
        --*widest;
    }
}

void widen(std::vector<std::size_t>& widths, const std::vector<std::string>& cells) {
    widths.resize(std::max(widths.size(), cells.size()));
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], display_width(cells[i]));
}

void print_table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    widen(widths, heads);
    for (const auto& row : rows) widen(widths, row);
    print(table_line(heads, widths));
    for (const auto& row : rows) print(table_line(row, widths));
}

std::string state_word(policy::OrderState state) {
    switch (state) {
        case policy::OrderState::active: return tr("active");
        case policy::OrderState::upcoming: return tr("upcoming");
        case policy::OrderState::expired: return tr("expired");
        case policy::OrderState::revoked: return tr("revoked");
    }
    return "?";
}

std::string time_or(UnixTime t, const char* otherwise) { return t == policy::never ? otherwise : shown_time(t); }

Json end_json(UnixTime expires) { return expires == policy::no_end ? Json(nullptr) : Json(format_rfc3339(expires)); }

std::string shown_end(UnixTime expires) { return expires == policy::no_end ? tr("never") : shown_time(expires); }

Json order_json(const policy::OrderRecord& r, UnixTime now, policy::Action default_action) {
    Json j;
    j["id"] = r.id;
    j["kind"] = to_string(r.kind);
    j["state"] = to_string(r.state(now));
    j["authority"] = r.authority;
    j["category"] = r.category;
    j["issued"] = format_rfc3339(r.issued);
    j["effective"] = format_rfc3339(r.effective);
    j["expires"] = end_json(r.expires);
    j["deadline"] = r.deadline == policy::never ? Json(nullptr) : Json(format_rfc3339(r.deadline));
    j["deadline_met"] =
        r.deadline == policy::never ? Json(nullptr) : Json(r.deadline_met() && !is_rehearsal(r, default_action));
    j["action"] = r.action ? Json(to_string(*r.action)) : Json(nullptr);
    j["effective_action"] = to_string(effective_action(r, default_action));
    j["rehearsal"] = is_rehearsal(r, default_action);
    j["regions"] = r.regions;
    j["names"] = r.names;
    j["addresses"] = r.addresses;
    j["signers"] = r.signers;
    j["applied"] = format_rfc3339(r.applied);
    j["serial"] = r.applied_serial;
    j["revoked"] = r.lifted == policy::never ? Json(nullptr) : Json(format_rfc3339(r.lifted));
    j["revoked_by"] = r.lifted == policy::never ? Json(nullptr) : Json(r.lifted_by);
    return j;
}

}  // namespace saring::tool
