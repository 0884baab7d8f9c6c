#include "hits_view/hits_output.h"

#include <algorithm>

#include "base/time_text.h"
#include "hitlog/client.h"
#include "hits/tally.h"
#include "order/csv.h"

namespace saring::tool {
namespace {

constexpr std::size_t rows_aligned = 1000;  // together; later ones take the widths these had

const std::vector<std::string> table_heads{"TIME", "ACTION", "CLIENT", "REGION", "QNAME", "TYPE", "LISTED", "ORDER"};
const std::vector<std::string> csv_heads{"sequence", "time",  "instance", "client", "region", "asn",   "transport",
                                         "qname",    "qtype", "trigger",  "listed", "action", "order", "serial"};

std::string or_dash(const std::string& text) { return text.empty() ? "-" : shown(text); }

std::vector<std::string> table_cells(const hitlog::Hit& h) {
    std::string listed = h.trigger == policy::Trigger::qname && h.listed == h.qname ? "=" : shown(h.matched());
    return {in_shown_zone(hitlog::format_microseconds(h.time)),
            to_string(h.action),
            or_dash(hitlog::client_text(h.client)),
            or_dash(h.region),
            shown(h.qname.to_string()),
            hits::qtype_text(h.qtype),
            listed,
            shown(h.order)};
}

std::vector<std::string> csv_cells(const hitlog::Hit& h) {
    return {std::to_string(h.sequence),
            hitlog::format_microseconds(h.time),
            shown(h.instance),
            hitlog::client_text(h.client),
            shown(h.region),
            h.asn ? std::to_string(h.asn) : "",
            to_string(h.transport),
            shown(h.qname.to_string()),
            hits::qtype_text(h.qtype),
            to_string(h.trigger),
            shown(h.matched()),
            to_string(h.action),
            shown(h.order),
            std::to_string(h.serial)};
}

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

}  // namespace

Json hit_json(const hitlog::Hit& h) {
    return {{"sequence", h.sequence},
            {"time", hitlog::format_microseconds(h.time)},
            {"instance", h.instance},
            {"client", or_null(hitlog::client_text(h.client))},
            {"region", or_null(h.region)},
            {"asn", h.asn ? Json(h.asn) : Json(nullptr)},
            {"transport", to_string(h.transport)},
            {"qname", h.qname.to_string()},
            {"qtype", hits::qtype_text(h.qtype)},
            {"trigger", to_string(h.trigger)},
            {"listed", h.matched()},
            {"action", to_string(h.action)},
            {"order", h.order},
            {"serial", h.serial}};
}

std::string hit_csv_heads() { return order::csv_record(csv_heads); }
std::string hit_csv(const hitlog::Hit& h) { return order::csv_record(csv_cells(h)); }

void HitPrinter::add(const hitlog::Hit& h) {
    switch (format_) {
        case Format::table:
            rows_.push_back(table_cells(h));
            if (rows_.size() >= rows_aligned) print_rows();
            break;
        case Format::json: print((printed_ ? ",\n    " : "{\n  \"hits\": [\n    ") + json_line(hit_json(h)), ""); break;
        case Format::lines: print(json_line(hit_json(h))); break;
        case Format::csv:
            if (printed_ == 0) print(hit_csv_heads(), "");
            print(hit_csv(h), "");
            break;
    }
    ++printed_;
}

void HitPrinter::print_rows() {
    bool first = widths_.empty();
    if (first) rows_.insert(rows_.begin(), table_heads);
    // The first rows decide; later ones are cut only where the table is to fit.
    for (const auto& row : rows_) widen(widths_, row);
    if (columns_) fit(widths_, columns_);
    for (const auto& row : rows_) print(table_line(row, widths_));
    rows_.clear();
}

void HitPrinter::flush() {
    if (!rows_.empty()) print_rows();
}

void HitPrinter::end(bool more) {
    flush();
    switch (format_) {
        case Format::table:
            if (printed_ == 0) print(tr("no hits"));
            if (more) print(tr("others are left out; see --limit"));
            break;
        case Format::json:
            print(std::string(printed_ ? "\n  ]," : "{\n  \"hits\": [],") +
                  "\n  \"more\": " + (more ? "true" : "false") + "\n}");
            break;
        case Format::lines: break;
        case Format::csv:
            if (printed_ == 0) print(hit_csv_heads(), "");
            break;
    }
}

}  // namespace saring::tool
