// A name or an address: blocked or not and why, its history over all orders, its hits, and how to undo a wrongful
// block.
#include <algorithm>

#include "base/time_text.h"
#include "console/page_context.h"
#include "doctor/installation.h"
#include "explain/explain_name.h"
#include "state/journal_state.h"

namespace saring::tool::console {
namespace {

constexpr std::size_t history_rows = 50, hit_rows = 20;
constexpr unsigned resolver_timeout = 1;  // seconds; a page waits for it

std::string field(const Json& j, const char* name) {
    return j.contains(name) && j[name].is_string() ? j[name].get<std::string>() : "";
}

std::string shell_quoted(const std::string& text) {
    if (!text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-:/_") == std::string::npos)
        return text;
    std::string out = "'";
    for (char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

std::unique_ptr<Explained> explained(const PageContext& v) {
    ExplainQuery q;
    q.name = v.parameter("name");
    if (!v.parameter("type").empty()) q.type = v.parameter("type");
    if (!v.parameter("region").empty()) q.regions = {v.parameter("region")};
    q.at = v.reader.moment(v.parameter("at"), v.now);
    if (q.at.empty() && !v.config().console.resolver.empty() && v.parameter("ask") == "1")
        q.resolver = v.config().console.resolver;
    q.timeout = resolver_timeout;
    return explain_name(v.session, q, v.now);
}

Section verdict_of(const PageContext& v, const Json& j) {
    const auto& w = v.words();
    Section out{.id = "why", .title = w["why"]};
    auto fact = [&](const char* label, Cell cell) {
        if (cell.text != "–") out.facts.push_back({w[label], {std::move(cell)}});
    };
    fact("action", text_cell(j["action"]));
    fact("matched", text_cell(j["matched"]));
    fact("extent", text_cell(j["match"]));
    fact("trigger", text_cell(j["trigger"]));
    const Json& order = j["order"];
    if (!order.is_null()) {
        fact("order", order_cell(field(order, "id"), v.reader));
        fact("authority", text_cell(order["authority"]));
        fact("category", text_cell(order["category"]));
        for (const auto& [language, text] : order["reason"].items())
            fact("reason", text_cell(language + ": " + text.get<std::string>()));
        fact("law", text_cell(order["legal_basis"]));
        for (const auto& contact : order["contact"]) fact("contact", text_cell(contact));
        fact("effective", time_cell(order["effective"], v.reader));
        fact("until_time", time_cell(j["until"], v.reader));
        std::string regions;
        for (const auto& r : order["regions"]) regions += (regions.empty() ? "" : ", ") + r.get<std::string>();
        fact("regions", text_cell(regions.empty() ? w["everywhere"] : regions));
        fact("applied", time_cell(order["applied"], v.reader));
        fact("signed_by", text_cell(order["signers"]));
    }
    if (!j["rehearsal"].is_null()) fact("rehearsal", order_cell(field(j["rehearsal"]["order"], "id"), v.reader));
    if (!j["image"].is_null()) {
        const auto& image = j["image"];
        fact("image_says", image.contains("error") ? text_cell(field(image, "error"), Tone::bad)
                                                   : text_cell(field(image, "verdict") + " (" + w["serial"] + " " +
                                                               image["serial"].dump() + ")"));
    }
    if (!j["answer"].is_null()) {
        fact("resolver_says", text_cell(field(j["answer"], "said")));
        fact("why", text_cell(field(j["answer"], "why")));
    }
    if (out.facts.empty()) out.paragraphs.push_back(text_cell(w["none"]));
    if (!v.config().console.resolver.empty() && v.parameter("ask").empty())
        out.links.push_back({.text = w["resolver_says"],
                             .href = v.reader.link("/name", {{"name", v.parameter("name")}, {"ask", "1"}})});
    return out;
}

void add_considered(const PageContext& v, const Json& j, Page& page) {
    const auto& w = v.words();
    Table others;
    others.caption = w["considered"];
    others.heads = {w["listed"], w["extent"], w["action"], w["order"], w["counts"], w["why"]};
    auto deciding = j["order"].is_null() ? std::string() : field(j["order"], "id");
    for (const auto& c : j["considered"])
        if (!c["counts"].get<bool>() || field(c, "order") != deciding)
            others.rows.push_back({name_cell(field(c, "matched"), v.reader), text_cell(c["match"]),
                                   text_cell(c["action"]), order_cell(field(c, "order"), v.reader),
                                   text_cell(c["counts"].get<bool>() ? w["yes"] : w["no"]), text_cell(c["why"])});
    if (!others.rows.empty())
        page.sections.push_back({.id = "considered", .title = w["considered"], .tables = {others}});
    if (j["quarantined"].empty()) return;
    Table t;
    t.caption = w["held"];
    t.heads = {w["target"], w["state"], w["order"], w["rule"], w["why"]};
    for (const auto& h : j["quarantined"])
        t.rows.push_back({text_cell(h["target"]), text_cell(h["state"]), order_cell(field(h, "order"), v.reader),
                          text_cell(h["rule"]), text_cell(h["why"])});
    page.sections.push_back({.id = "held", .title = w["held"], .tables = {t}});
}

Section history_of(const PageContext& v, const ledger::Snapshot& s, const std::string& name) {
    const auto& w = v.words();
    Section out{.id = "history", .title = w["history"]};
    HistoryQuery q;
    q.name = name;
    q.limit = history_rows;
    Table t;
    t.caption = w["history"];
    t.heads = {w["time"],      w["change"],   w["target"],  w["order"],
               w["lifted_by"], w["operator"], w["command"], w["serial"]};
    Json history = history_json(s, q);
    for (const auto& record : history["records"])
        for (const auto& c : record["changes"]) {
            bool listed = field(c, "change") == "listed";
            auto serial = record["serial"].dump();
            t.rows.push_back(
                {time_cell(record["time"], v.reader),
                 text_cell(w[listed ? "change_listed" : "change_removed"], listed ? Tone::bad : Tone::good),
                 text_cell(field(c, "target") + " (" + field(c, "match") + ")"),
                 order_cell(field(c, "order"), v.reader), order_cell(field(c, "lifted_by"), v.reader),
                 text_cell(record["operator"]), text_cell(record["command"]),
                 Cell{.text = serial, .href = v.reader.link("/commit", {{"serial", serial}})}});
        }
    if (t.rows.empty()) out.paragraphs.push_back(text_cell(w["none"]));
    else out.tables.push_back(t);
    return out;
}

}  // namespace

Json explain_for(const PageContext& v, Say say) {
    auto e = explained(v);
    return explanation_json(e->explanation, e->then(), e->reading.snapshot, say);
}

Page name_page(const PageContext& v) {
    const auto& w = v.words();
    Page page;
    page.path = "/name";
    page.query = v.request.query;
    page.title = w["menu_name"];
    page.form = {{"name", w["ask_name"], v.parameter("name"), "hoax.example"}};
    page.form_path = "/name";
    if (v.parameter("name").empty()) {
        page.sections = {{.id = "intro", .title = w["menu_name"], .paragraphs = {text_cell(w["name_intro"])}}};
        return page;
    }
    auto e = explained(v);
    Json j = explanation_json(e->explanation, e->then(), e->reading.snapshot, translated);
    auto verdict = field(j, "verdict"), name = field(j, "name");
    page.title = name;
    page.heading_note = verdict == "blocked"     ? w["verdict_blocked"]
                        : verdict == "passed"    ? w["verdict_passed"]
                        : verdict == "rehearsed" ? w["rehearsal"]
                                                 : w["verdict_open"];
    page.tone = verdict == "blocked" ? Tone::bad : verdict == "rehearsed" ? Tone::warning : Tone::good;
    page.sections.push_back(verdict_of(v, j));
    if (verdict == "blocked")
        page.sections.push_back({.id = "undo",
                                 .title = w["undo"],
                                 .paragraphs = {text_cell(w["undo_intro"])},
                                 .command = as_saring("local allow " + shell_quoted(name) + " --reason '...'")});
    add_considered(v, j, page);
    page.sections.push_back(history_of(v, e->reading.snapshot, name));
    if (e->explanation.asked.name) {
        HitsQuery q;
        q.name = name;
        page.sections.push_back(
            hits_of_week(v, q, "name", {{"regions", "by_region"}, {"types", "by_type"}, {"qnames", "by_name"}}));
    }
    page.sections.back().links.push_back(
        {.text = w["export_json"], .href = v.reader.link("/explain.json", {{"name", name}})});
    return page;
}

}  // namespace saring::tool::console
