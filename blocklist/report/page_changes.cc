// Changes in a report's time: of the blocklist, and against the time before.
#include "report/page.h"
#include "report/page_data.h"
#include "text/spoken.h"

namespace saring::report::page_parts {

std::string against_before(const Figure& now, const Figure& before, const ReportFigures& f, const Words& w) {
    if (!f.has_before || !now.is_exact()) return {};
    if (!before.is_exact()) return w.say("before_few", {{"n", w.number(f.threshold)}});
    auto text = [&](const char* key, const std::string& change) {
        return w.say(key, {{"n", w.number(before.count)}, {"change", change}});
    };
    if (before.count == 0 || before.count == now.count) return text("before_same", "");
    bool more = now.count > before.count;
    auto difference = more ? now.count - before.count : before.count - now.count;
    return text(more ? "before_more" : "before_less", spoken_share(difference, before.count, w.language()));
}

std::string lift_text(const ReportLift& l, const Words& w) {
    return w.say(l.name.empty() ? "lift_order"
                 : l.below      ? "lift_below"
                                : "lift_name",
                 {{"order", l.order}, {"name", l.name}});
}

void set_changes(data& page, const ReportFigures& f, const Words& w) {
    const auto& c = f.changes;
    page.set("changes_text", w.say("changes_text", {{"added", w.number(c.added)},
                                                    {"removed", w.number(c.removed)},
                                                    {"list_added", w.number(c.list_added)},
                                                    {"list_removed", w.number(c.list_removed)}}));
    page.set("changes_unknown", data(!c.known));
    std::vector<data> rows;
    for (const auto& t : c.targets) {
        data d;
        set_time(d, "time", t.time, w);
        d.set("target", t.target);
        d.set("order", t.order);
        d.set("change", w[t.added ? "change_added" : "change_removed"]);
        d.set("by", text_or_absent(t.by));
        rows.push_back(d);
    }
    page.set("some_changes", data(!rows.empty()));
    page.set("changes", list_or_absent(rows));
    page.set("changes_left_out",
             c.left_out ? data(w.say("changes_left_out", {{"n", w.number(c.left_out)}})) : absent());
}

}  // namespace saring::report::page_parts
