#include "output/report_json.h"

#include "geo/region_codes.h"

namespace saring::tool {
namespace {

void put(Json& j, const std::string& name, const report::Figure& f) {
    j[name] = f.is_exact() ? Json(f.count) : Json(nullptr);
    if (!f.is_exact()) j[name + "_shown"] = f.shown == report::Figure::Shown::few ? "few" : "withheld";
}

void put(Json& j, const report::Hits& h, const report::ReportFigures& f) {
    put(j, "refused", h.refused);
    if (!f.is_public) put(j, "logged", h.logged);
}

Json time_json(UnixTime t) { return t == policy::never ? Json(nullptr) : Json(format_rfc3339(t)); }
Json text_json(const std::string& s) { return s.empty() ? Json(nullptr) : Json(s); }

Json names_json(const std::vector<report::ReportName>& names) {
    Json out = Json::array();
    for (const auto& n : names)
        out.push_back({{"listed", text_json(n.name)}, {"order", text_json(n.order)}, {"hits", n.hits.count}});
    return out;
}

Json tally_json(const std::vector<hits::TallyRow>& rows) {
    Json out = Json::array();
    for (const auto& row : rows) out.push_back({{"key", text_json(row.key)}, {"hits", row.count}});
    return out;
}

Json reported_order_json(const report::ReportOrder& o, const report::ReportFigures& f) {
    bool own = o.record.kind == policy::OrderKind::local;
    Json j{{"id", text_json(o.id)},
           {"known", o.known},
           {"kind", o.known || own ? Json(to_string(o.record.kind)) : Json(nullptr)}};
    put(j, o.hits, f);
    if (o.known) {
        Json reason = Json::object();
        for (const auto& [language, text] : o.texts.reason) reason[language] = text;
        j.update({{"authority", text_json(o.record.authority)},
                  {"category", text_json(o.record.category)},
                  {"legal_basis", text_json(o.texts.legal_basis)},
                  {"reason", reason},
                  {"clarification", text_json(o.texts.clarification)},
                  {"reference", text_json(o.texts.reference)},
                  {"state", to_string(o.state)},
                  {"effective", time_json(o.record.effective)},
                  {"expires", end_json(o.record.expires)},
                  {"lifted", time_json(o.record.lifted)},
                  {"applied", time_json(o.record.applied)},
                  {"deadline", time_json(o.record.deadline)},
                  {"deadline_met", o.record.deadline == policy::never ? Json(nullptr) : Json(!o.late())},
                  {"regions", o.record.regions},
                  {"targets", o.record.names + o.record.addresses}});
    }
    Json lifts = Json::array();
    for (const auto& l : o.lifts)
        lifts.push_back({{"order", l.order}, {"name", text_json(l.name)}, {"below", l.below}});
    j["lifts"] = lifts;
    auto unblocked = f.changes.lifted_by.find(o.id);
    j["unblocked"] = unblocked == f.changes.lifted_by.end() ? 0 : unblocked->second;
    if (f.is_public && f.shows_names) j["names"] = names_json(o.names);
    return j;
}

void put_internal(Json& j, const report::ReportFigures& f) {
    j["names"] = names_json(f.names);
    j["names_left_out"] = f.names_left_out;
    j["actions"] = tally_json(f.actions);
    const auto& s = f.hits_database;
    j["records"] = {{"hits", f.records},
                    {"from", s.oldest ? Json(hitlog::format_microseconds(s.oldest)) : Json(nullptr)},
                    {"transports", tally_json(f.transports)},
                    {"qtypes", tally_json(f.qtypes)},
                    {"triggers", tally_json(f.triggers)}};
    if (f.shows_clients) j["records"]["clients"] = tally_json(f.clients);
    j["held"] = Json::array();
    for (const auto& h : f.held)
        j["held"].push_back({{"target", h.target},
                             {"order", h.order},
                             {"rule", h.rule},
                             {"why", h.why},
                             {"since", time_json(h.since)}});
    Json instances = Json::array();
    for (const auto& i : s.instances)
        instances.push_back({{"instance", i.instance},
                             {"recorded", i.recorded},
                             {"dropped", i.dropped},
                             {"uncounted", i.uncounted},
                             {"last", i.last ? Json(hitlog::format_microseconds(i.last)) : Json(nullptr)}});
    j["database"] = {{"hits", f.hits_path},    {"id", s.id.empty() ? Json(nullptr) : Json(s.id)},
                     {"kept", s.kept},         {"expired", s.expired},
                     {"purged", s.purged},     {"missing", s.missing},
                     {"instances", instances}, {"blocklist", f.blocklist_path},
                     {"serial", f.serial}};
}

Json filter_json(const report::ReportFigures& f) {
    if (f.filter.empty()) return nullptr;
    Json out = Json::object();
    for (const auto& [option, value] : f.filter) out[option] = value;
    return out;
}

Json before_json(const report::ReportFigures& f) {
    if (!f.has_before) return nullptr;
    Json out = Json::object();
    put(out, "refused", f.total_before.refused);
    if (!f.is_public) put(out, "logged", f.total_before.logged);
    put(out, "names_hit", f.names_before);
    return out;
}

Json changes_json(const report::ReportFigures& f) {
    const auto& c = f.changes;
    Json out{{"known", c.known},
             {"added", c.added},
             {"removed", c.removed},
             {"list_added", c.list_added},
             {"list_removed", c.list_removed}};
    if (f.is_public) return out;
    out["targets"] = Json::array();
    for (const auto& t : c.targets)
        out["targets"].push_back({{"time", time_json(t.time)},
                                  {"change", t.added ? "added" : "removed"},
                                  {"target", t.target},
                                  {"order", text_json(t.order)},
                                  {"by", text_json(t.by)}});
    out["left_out"] = c.left_out;
    return out;
}

}  // namespace

Json report_json(const report::ReportFigures& f) {
    Json j{{"format", "saring-report/1"},
           {"public", f.is_public},
           {"threshold", f.is_public ? Json(f.threshold) : Json(nullptr)},
           {"isp", text_json(f.isp)},
           {"since", time_json(f.since)},
           {"until", time_json(f.until)},
           {"made", time_json(f.made)},
           {"filter", filter_json(f)},
           {"source", f.from_records ? "records" : "hours"},
           {"anchor", f.journal_hash.empty() ? Json(nullptr) : Json{{"serial", f.serial}, {"hash", f.journal_hash}}}};
    put(j, "refused", f.total.refused);
    put(j, "logged", f.total.logged);
    put(j, "names_hit", f.names_hit);
    put(j, "dropped", f.dropped);
    j["before"] = before_json(f);
    j["changes"] = changes_json(f);
    j["orders_in_force"] = f.orders_in_force;
    j["lists_in_force"] = f.lists_in_force;
    j["held_count"] = f.held_count;
    j["bin_seconds"] = f.bin_seconds;
    j["bins"] = Json::array();
    for (const auto& b : f.bins) {
        Json row{{"begin", time_json(b.begin)}, {"whole", b.whole}};
        put(row, b.hits, f);
        j["bins"].push_back(std::move(row));
    }
    j["orders"] = Json::array();
    for (const auto& o : f.orders) j["orders"].push_back(reported_order_json(o, f));
    j["regions"] = Json::array();
    for (const auto& r : f.regions) {
        Json row{{"code", text_json(r.code)}, {"name", text_json(geo::province_name(r.code))}};
        put(row, r.hits, f);
        j["regions"].push_back(std::move(row));
    }
    if (!f.is_public) put_internal(j, f);
    return j;
}

}  // namespace saring::tool
