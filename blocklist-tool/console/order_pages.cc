// Orders: all of them, and one with its document, targets, hits and receipt.
#include <algorithm>

#include "console/page_context.h"
#include "ledger/lifts.h"
#include "ledger/stored_order.h"
#include "order/target.h"
#include "receipt/local_passes.h"
#include "receipt/receipt.h"
#include "state/journal_state.h"
#include "state/order_state.h"

namespace saring::tool::console {
namespace {

constexpr std::size_t targets_shown = 500, commits_shown = 20;

std::string member(const Json& j, const char* name) {
    return j.contains(name) && j[name].is_string() ? j[name].get<std::string>() : "";
}

Tone tone_of_state(const std::string& state) {
    return state == "active" ? Tone::good : state == "upcoming" ? Tone::warning : Tone::quiet;
}

Cell deadline_cell(const PageContext& v, const Json& o) {
    if (o["deadline"].is_null()) return text_cell(std::string("–"), Tone::quiet);
    auto cell = time_cell(o["deadline"], v.reader);
    bool rehearsal = o["rehearsal"].get<bool>(), met = o["deadline_met"].get<bool>();
    cell.text += " " + v.words()[rehearsal ? "rehearsal" : met ? "deadline_met" : "deadline_missed"];
    cell.tone = met && !rehearsal ? Tone::good : Tone::bad;
    cell.time.clear();
    return cell;
}

Cell action_cell(const PageContext& v, const Json& o) {
    auto text = member(o, "effective_action") + (o["action"].is_null() ? " (" + v.words()["default"] + ")" : "");
    return o["rehearsal"].get<bool>() ? text_cell(text + " " + v.words()["rehearsal"], Tone::warning) : text_cell(text);
}

std::string joined(const Json& texts) {
    std::string out;
    for (const auto& t : texts) out += (out.empty() ? "" : ", ") + (t.is_string() ? t.get<std::string>() : t.dump());
    return out;
}

Section summary_of(const PageContext& v, const Json& j) {
    const auto& w = v.words();
    Section out{.id = "summary", .title = w["order"]};
    auto fact = [&](const char* label, Cell cell) { out.facts.push_back({w[label], {std::move(cell)}}); };
    fact("authority", text_cell(j["authority"]));
    fact("category", text_cell(j["category"]));
    fact("issued", time_cell(j["issued"], v.reader));
    fact("effective", time_cell(j["effective"], v.reader));
    fact("expires", time_cell(j["expires"], v.reader));
    fact("deadline", deadline_cell(v, j));
    fact("action", action_cell(v, j));
    fact("regions", text_cell(j["regions"].empty() ? w["everywhere"] : joined(j["regions"])));
    fact("names", number_cell(j["names"].get<std::uint64_t>(), v.reader));
    fact("addresses", number_cell(j["addresses"].get<std::uint64_t>(), v.reader));
    fact("signed_by", text_cell(j["signers"]));
    fact("applied", time_cell(j["applied"], v.reader));
    fact("serial",
         Cell{.text = j["serial"].dump(), .href = v.reader.link("/commit", {{"serial", j["serial"].dump()}})});
    if (!j["revoked"].is_null())
        fact("revoked", time_cell(j["revoked"], v.reader)),
            fact("lifted_by", order_cell(member(j, "revoked_by"), v.reader));
    const Json& d = j["document"];
    if (!d.is_object()) return out;
    if (d.contains("reason") && d["reason"].is_object())
        for (const auto& [language, text] : d["reason"].items())
            fact("reason", text_cell(language + ": " + (text.is_string() ? text.get<std::string>() : text.dump())));
    for (auto [label, name] : {std::pair{"law", "legal_basis"}, {"reference", "reference"}})
        if (!member(d, name).empty()) fact(label, text_cell(member(d, name)));
    if (d.contains("contact") && d["contact"].is_array())
        for (const auto& contact : d["contact"]) fact("contact", text_cell(contact));
    return out;
}

Section targets_of(const PageContext& v, const ledger::Snapshot& s, policy::OrderIndex index,
                   const policy::OrderRecord& record, const ledger::Document& document) {
    const auto& w = v.words();
    Section out{.id = "targets", .title = w["targets"]};
    auto order = ledger::stored_order(document, record.id);
    std::map<std::string, std::string> held;  // by target, why
    bool all_held = false;
    each_held(s.transaction(), s.tables(), index, [&](const ledger::Held& h) {
        if (state_of(h.record, record, v.now) != ledger::HeldState::held) return;
        all_held |= h.kind == ledger::HeldKind::whole;
        held[target_text(h.kind, h.key)] = h.record.rule;
    });
    std::map<std::string, std::string> lifted;
    for (const auto& l : ledger::lifted_names(s, index)) lifted[l.name.to_string()] = l.by;
    receipt::LocalPasses passes(s, v.now);
    bool in_force = record.in_force(v.now);
    Table t;
    t.caption = w["targets"];
    t.heads = {w["target"], w["extent"], w["state"], w["why"]};
    std::size_t left_out = 0;
    auto add = [&](const std::string& target, const std::string& extent, const order::Order& alone) {
        if (t.rows.size() >= targets_shown) return void(++left_out);
        auto is_held = held.find(target);
        auto is_lifted = lifted.find(target);
        Cell state, why = text_cell(std::string("–"), Tone::quiet);
        if (all_held || is_held != held.end())
            state = text_cell(w["target_held"], Tone::warning),
            why = text_cell(is_held == held.end() ? "*" : is_held->second);
        else if (is_lifted != lifted.end())
            state = text_cell(w["target_lifted"], Tone::quiet), why = order_cell(is_lifted->second, v.reader);
        else if (in_force && passes.count(alone) > 0) state = text_cell(w["target_passed"], Tone::warning);
        else state = text_cell(in_force ? w["target_in_force"] : w["target_idle"], in_force ? Tone::good : Tone::quiet);
        t.rows.push_back({name_cell(target, v.reader), text_cell(extent), state, why});
    };
    for (const auto& d : order.domains) {
        order::Order alone;
        alone.domains = {d};
        add(d.name.to_string(), to_string(d.match), alone);
    }
    for (const auto& p : order.addresses) {
        order::Order alone;
        alone.addresses = {p};
        add(p.to_string(), "–", alone);
    }
    if (t.rows.empty()) out.paragraphs.push_back(text_cell(w["none"]));
    else out.tables.push_back(t);
    if (left_out)
        out.paragraphs.push_back(text_cell(w.say("targets_left_out", {{"n", v.reader.number(left_out)}}), Tone::quiet));
    return out;
}

}  // namespace

Page orders_page(const PageContext& v) {
    const auto& w = v.words();
    Page page;
    page.title = w["menu_orders"];
    page.path = "/orders";
    page.query = v.request.query;
    Reading reading(v.session.database());
    Json all = order_list_json(v.session, reading.snapshot, v.now)["orders"];
    std::stable_sort(all.begin(), all.end(), [](const Json& a, const Json& b) {
        return a["issued"].get<std::string>() > b["issued"].get<std::string>();
    });
    Table t;
    t.caption = w["orders"];
    t.heads = {w["order"],    w["state"],  w["authority"], w["effective"], w["expires"],
               w["deadline"], w["action"], w["names"],     w["addresses"]};
    t.numbers = {7, 8};
    for (const auto& o : all) {
        auto state = member(o, "state");
        t.rows.push_back({order_cell(member(o, "id"), v.reader), text_cell(tr(state.c_str()), tone_of_state(state)),
                          text_cell(o["authority"]), time_cell(o["effective"], v.reader),
                          time_cell(o["expires"], v.reader), deadline_cell(v, o), action_cell(v, o),
                          number_cell(o["names"].get<std::uint64_t>(), v.reader),
                          number_cell(o["addresses"].get<std::uint64_t>(), v.reader)});
    }
    Section out{.id = "rows", .title = w["orders"]};
    if (t.rows.empty()) out.paragraphs.push_back(text_cell(w["none"]));
    else out.tables.push_back(t);
    out.links.push_back({.text = w["export_json"], .href = v.reader.link("/orders.json")});
    page.sections = {out};
    return page;
}

Page order_page(const PageContext& v) {
    const auto& w = v.words();
    auto id = v.parameter("id");
    Page page;
    page.title = id;
    page.path = "/order";
    page.query = v.request.query;
    Reading reading(v.session.database());
    const auto& s = reading.snapshot;
    Json j = order_show_json(v.session, s, id);
    auto state = member(j, "state");
    page.heading_note = tr(state.c_str());
    page.tone = tone_of_state(state);
    page.sections.push_back(summary_of(v, j));
    auto index = find_shown_order(s, id);
    auto record = s.order(index);
    auto document = s.document(index);
    if (document) page.sections.push_back(targets_of(v, s, index, record, *document));
    auto idle = ledger::idle_lifts(s, index);
    if (!idle.empty()) {
        Section lifts{.id = "lifts", .title = w["lifts_nothing"]};
        for (const auto& i : idle) lifts.paragraphs.push_back(text_cell(translated(i.why), Tone::warning));
        page.sections.push_back(lifts);
    }
    HitsQuery q;
    q.order = id;
    page.sections.push_back(hits_of_week(v, q, "order", {{"names", "by_name"}, {"regions", "by_region"}}));

    HistoryQuery history;
    history.order = id;
    history.limit = commits_shown;
    Table commits;
    commits.caption = w["commits"];
    commits.heads = {w["serial"], w["time"], w["operator"], w["command"], w["detail"]};
    Json told = history_json(s, history);
    for (const auto& r : told["records"])
        commits.rows.push_back(
            {Cell{.text = r["serial"].dump(), .href = v.reader.link("/commit", {{"serial", r["serial"].dump()}})},
             time_cell(r["time"], v.reader), text_cell(r["operator"]), text_cell(r["command"]),
             text_cell(r["detail"])});
    page.sections.push_back({.id = "commits", .title = w["commits"], .tables = {commits}});

    if (record.kind == policy::OrderKind::order) {
        auto receipt = receipt::make_receipt(s, v.config(), {id}, "", v.now);
        page.sections.push_back(
            {.id = "receipt", .title = w["receipt"], .document = format_receipt(receipt), .is_open = false});
    }
    if (document)
        page.sections.push_back(
            {.id = "document", .title = w["document"], .document = std::string(document->content), .is_open = false});
    page.sections.back().links.push_back(
        {.text = w["export_json"], .href = v.reader.link("/order.json", {{"id", id}})});
    return page;
}

}  // namespace saring::tool::console
