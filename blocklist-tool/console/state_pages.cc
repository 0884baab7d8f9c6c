// Quarantine, journal and feeds.
#include <charconv>

#include "console/page_context.h"
#include "doctor/installation.h"
#include "ledger/difference.h"
#include "output/difference_output.h"
#include "output/quarantine_output.h"
#include "state/feed_states.h"
#include "state/journal_state.h"
#include "state/list_states.h"

namespace saring::tool::console {
namespace {

constexpr std::size_t journal_rows = 50, entries_shown = 500;
constexpr std::uint64_t entries_counted = 200000;  // a commit with more of them is told by its counts

std::uint64_t serial_in(const std::string& text) {
    std::uint64_t n = 0;
    auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), n);
    return failed == std::errc() && end == text.data() + text.size() ? n : 0;
}

std::string of(const Json& j, const char* name) {
    return j.contains(name) && j[name].is_string() ? j[name].get<std::string>() : "";
}

Page state_page(const PageContext& v, const std::string& path, const std::string& title) {
    Page page;
    page.title = title;
    page.path = path;
    page.query = v.request.query;
    return page;
}

std::string plus_minus(const Json& r, const char* what) {
    return "+" + r[std::string(what) + "_added"].dump() + " −" + r[std::string(what) + "_removed"].dump();
}

std::vector<Cell> journal_row(const PageContext& v, const Json& r) {
    auto serial = r["serial"].dump();
    Cell orders = text_cell(std::string("–"), Tone::quiet);
    if (r["orders"].size() == 1) orders = order_cell(r["orders"][0].get<std::string>(), v.reader);
    else if (!r["orders"].empty())
        orders = text_cell(r["orders"][0].get<std::string>() + " … (" + std::to_string(r["orders"].size()) + ")");
    return {Cell{.text = serial, .href = v.reader.link("/commit", {{"serial", serial}}), .is_number = true},
            time_cell(r["time"], v.reader),
            text_cell(r["operator"]),
            text_cell(r["command"]),
            text_cell(plus_minus(r, "names")),
            text_cell(plus_minus(r, "addresses")),
            orders,
            text_cell(r["detail"])};
}

Table journal_table(const PageContext& v) {
    const auto& w = v.words();
    Table t;
    t.caption = w["menu_journal"];
    t.heads = {w["serial"], w["time"],      w["operator"], w["command"],
               w["names"],  w["addresses"], w["order"],    w["detail"]};
    t.numbers = {0};
    return t;
}

}  // namespace

Page quarantine_page(const PageContext& v) {
    const auto& w = v.words();
    auto page = state_page(v, "/quarantine", w["menu_quarantine"]);
    bool all = v.parameter("all") == "1";
    Reading reading(v.session.database());
    Json held = held_list_json(reading.snapshot, v.parameter("order"), all, v.now);
    Section out{.id = "rows", .title = w["menu_quarantine"], .paragraphs = {text_cell(w["quarantine_intro"])}};
    Table t;
    t.caption = w["held"];
    t.heads = {w["target"],     w["state"],   w["order"],    w["rule"],  w["why"],
               w["since_time"], w["decided"], w["operator"], w["reason"]};
    std::size_t waiting = 0;
    for (const auto& h : held["targets"]) {
        auto state = of(h, "state");
        waiting += state == "held";
        if (t.rows.size() >= entries_shown) continue;
        t.rows.push_back({of(h, "target") == "*" ? text_cell(std::string("*")) : name_cell(of(h, "target"), v.reader),
                          text_cell(w["target_" + state] == "target_" + state ? state : w["target_" + state],
                                    state == "held" ? Tone::warning : Tone::quiet),
                          order_cell(of(h, "order"), v.reader), text_cell(h["rule"]), text_cell(h["why"]),
                          time_cell(h["since"], v.reader), time_cell(h["decided"], v.reader), text_cell(h["operator"]),
                          text_cell(h["reason"])});
    }
    if (t.rows.empty()) out.paragraphs.push_back(text_cell(w["none"]));
    else out.tables.push_back(t);
    if (held["targets"].size() > t.rows.size())
        out.paragraphs.push_back(text_cell(
            w.say("targets_left_out", {{"n", v.reader.number(held["targets"].size() - t.rows.size())}}), Tone::quiet));
    if (waiting)
        out.paragraphs.push_back(text_cell(
            w["decide"] + ": " + as_saring("quarantine release|discard ORDER TARGET --reason '...'"), Tone::quiet));
    out.links.push_back({.text = w[all ? "show_waiting" : "show_all"],
                         .href = v.reader.link("/quarantine", {{"all", all ? "" : "1"}})});
    out.links.push_back(
        {.text = w["export_json"], .href = v.reader.link("/quarantine.json", {{"all", all ? "1" : ""}})});
    page.sections = {out};
    return page;
}

Json journal_for(const PageContext& v) {
    HistoryQuery q;
    q.since = v.reader.moment(v.parameter("since"), v.now);
    q.order = v.parameter("order");
    q.name = v.parameter("name");
    q.before = serial_in(v.parameter("before"));
    q.limit = journal_rows;
    return history_json(Reading(v.session.database()).snapshot, q);
}

Page journal_page(const PageContext& v) {
    const auto& w = v.words();
    auto page = state_page(v, "/journal", w["menu_journal"]);
    page.form = {{"since", w["journal_since"], v.parameter("since"), "7d"},
                 {"order", w["order"], v.parameter("order")},
                 {"name", w["name"], v.parameter("name")}};
    page.form_path = "/journal";
    Json j = journal_for(v);
    Section out{.id = "rows", .title = w["menu_journal"]};
    auto t = journal_table(v);
    for (const auto& r : j["records"]) t.rows.push_back(journal_row(v, r));
    if (t.rows.empty()) out.paragraphs.push_back(text_cell(w["none"]));
    Parameters parameters{
        {"since", v.parameter("since")}, {"order", v.parameter("order")}, {"name", v.parameter("name")}};
    if (j["more"].get<bool>()) {
        auto older = parameters;
        older["before"] = j["records"].back()["serial"].dump();
        out.links.push_back({.text = w["older"], .href = v.reader.link("/journal", older)});
    }
    out.links.push_back({.text = w["export_json"], .href = v.reader.link("/journal.json", parameters)});
    if (!t.rows.empty()) out.tables.push_back(t);
    page.sections = {out};
    return page;
}

Page commit_page(const PageContext& v) {
    const auto& w = v.words();
    auto serial = serial_in(v.parameter("serial"));
    auto page = state_page(v, "/commit", w.say("commit", {{"n", std::to_string(serial)}}));
    Reading reading(v.session.database());
    const auto& s = reading.snapshot;
    if (serial == 0 || serial > s.serial())
        throw Error(ErrorKind::not_found, msg("serial %1", v.parameter("serial")), msg("is not in the journal"),
                    msg("the newest is %1", s.serial()));
    HistoryQuery q;
    q.since = std::to_string(serial);
    q.before = serial + 1;
    q.limit = 1;
    Json records = history_json(s, q)["records"];
    Section out{.id = "summary", .title = w["menu_journal"]};
    auto t = journal_table(v);
    for (const auto& r : records) {
        t.rows.push_back(journal_row(v, r));
        out.facts.push_back({"hash", {text_cell(r["hash"])}});
    }
    out.tables.push_back(t);
    page.sections.push_back(out);

    Section changes{.id = "changes", .title = w["differences"]};
    auto touched = records.empty() ? 0
                                   : records[0]["names_added"].get<std::uint64_t>() +
                                         records[0]["names_removed"].get<std::uint64_t>();
    if (s.serial() - serial > 2000 || touched > entries_counted) {  // found by undoing all that came after it
        changes.paragraphs.push_back(
            text_cell(as_saring("diff " + std::to_string(serial - 1) + " " + std::to_string(serial))));
    } else {
        auto d = ledger::difference(s, serial - 1, serial);
        changes.paragraphs.push_back(text_cell(in_words(count(d))));
        Table entries;
        entries.caption = w["differences"];
        entries.heads = {w["change"], w["target"], w["order"]};
        Json json = difference_json(d, true);
        for (auto group : {"names", "addresses"})
            if (json.contains(group) && json[group].is_object())
                for (auto way : {"added", "removed"})
                    if (json[group].contains(way) && json[group][way].is_array())
                        for (const auto& e : json[group][way]) {
                            if (entries.rows.size() >= entries_shown) break;
                            bool added = std::string(way) == "added";
                            auto target = e.is_string() ? e.get<std::string>()
                                                        : of(e, group == std::string("names") ? "name" : "address");
                            if (target.empty() && e.is_object())
                                for (const auto& [key, value] : e.items())
                                    if (value.is_string() && key != "order" && key != "match")
                                        target = value.get<std::string>();
                            entries.rows.push_back({text_cell(w[way], added ? Tone::bad : Tone::good),
                                                    name_cell(target, v.reader),
                                                    order_cell(e.is_object() ? of(e, "order") : "", v.reader)});
                        }
        if (!entries.rows.empty()) changes.tables.push_back(entries);
    }
    page.sections.push_back(changes);
    return page;
}

Page feeds_page(const PageContext& v) {
    const auto& w = v.words();
    auto page = state_page(v, "/feeds", w["menu_feeds"]);
    Reading reading(v.session.database());
    Table feeds;
    feeds.caption = w["menu_feeds"];
    feeds.heads = {w["feed"],         w["state"],       w["serial"],   w["orders"],  w["withheld"],
                   w["last_success"], w["valid_until"], w["failures"], w["failure"], w["url"]};
    feeds.numbers = {2, 3, 4, 7};
    for (const auto& f : feeds_json(v.config(), reading.snapshot, v.now)) {
        auto failures = f["failures"].get<std::uint64_t>();
        bool stale = f["stale"].get<bool>(), never = f["last_success"].is_null();
        Cell state = stale      ? text_cell(w["stale"], Tone::bad)
                     : never    ? text_cell(w["never"], Tone::warning)
                     : failures ? text_cell(w["failure"], Tone::warning)
                                : text_cell(w["health_ok"], Tone::good);
        feeds.rows.push_back({text_cell(f["feed"]), state, number_cell(f["serial"].get<std::uint64_t>(), v.reader),
                              number_cell(f["orders"].get<std::uint64_t>(), v.reader),
                              number_cell(f["withheld"].get<std::uint64_t>(), v.reader),
                              time_cell(f["last_success"], v.reader), time_cell(f["valid_until"], v.reader),
                              number_cell(failures, v.reader), text_cell(f["failure"]), text_cell(f["url"])});
    }
    Section out{.id = "feeds", .title = w["menu_feeds"]};
    if (feeds.rows.empty()) out.paragraphs.push_back(text_cell(w["none"]));
    else out.tables.push_back(feeds);
    Table lists;
    lists.caption = w["lists"];
    lists.heads = {w["list"], w["state"], w["names"], w["addresses"], w["changed"], w["renewed"], w["ends"]};
    lists.numbers = {2, 3};
    for (const auto& l : lists_json(v.config(), reading.snapshot, v.now)) {
        Cell state = l["ended"].get<bool>()       ? text_cell(w["ended"], Tone::bad)
                     : l["ends_soon"].get<bool>() ? text_cell(w["ends_soon"], Tone::warning)
                                                  : text_cell(w["health_ok"], Tone::good);
        lists.rows.push_back(
            {order_cell(of(l, "list"), v.reader), state, number_cell(l["names"].get<std::uint64_t>(), v.reader),
             number_cell(l["addresses"].get<std::uint64_t>(), v.reader), time_cell(l["changed"], v.reader),
             time_cell(l["renewed"], v.reader), time_cell(l["ends"], v.reader)});
    }
    Section more{.id = "lists", .title = w["lists"]};
    if (lists.rows.empty()) more.paragraphs.push_back(text_cell(w["none"]));
    else more.tables.push_back(lists);
    page.sections = {out, more};
    return page;
}

}  // namespace saring::tool::console
