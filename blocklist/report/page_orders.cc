// The orders of a report's page: what each caused and says, and whether it was applied in time.
#include <algorithm>

#include "policy/order_record.h"
#include "report/page.h"
#include "report/page_data.h"

namespace saring::report::page_parts {
namespace {

std::string count_text(const char* key, std::uint64_t n, const Words& words) {
    return n == 1 ? words[std::string(key) + "_one"] : words.say(key, {{"n", words.number(n)}});
}

data reason_data(const policy::OrderTexts& texts, const std::string& language) {
    const auto* reason = reason_to_show(texts, language);
    if (!reason) return absent();
    data d;
    d.set("language", reason->first);
    d.set("text", reason->second);
    return d;
}

std::string figures_of(const ReportOrder& o, const ReportFigures& f, const Words& words) {
    std::string out = o.hits.refused.is_exact()
                          ? count_text("figures_refused", o.hits.refused.count, words)
                          : words.say("figures_refused", {{"n", figure_text(o.hits.refused, f.threshold, words)}});
    if (o.hits.logged.count) out += "; " + words.say("figures_logged", {{"n", words.number(o.hits.logged.count)}});
    return out + "; " + count_text("figures_targets", o.record.names + o.record.addresses, words);
}

void set_deadline(data& d, const ReportOrder& o, const Words& words) {
    bool has = o.known && o.record.deadline != policy::never;
    d.set("met", data(has && !o.late()));
    d.set("missed", data(o.late()));
    d.set("no_deadline", data(!has));
    set_time(d, "deadline", has ? o.record.deadline : policy::never, words);
    d.set("late_by",
          o.late() ? data(words.say("late_by", {{"time", duration_text(o.record.applied - o.record.deadline, words)}}))
                   : absent());
}

data order_data(const ReportOrder& o, const ReportFigures& f, std::uint64_t most, const std::string& anchor,
                const Words& words) {
    data d;
    bool own = o.record.kind == policy::OrderKind::local;
    // The texts of the ISP's own entries are not for the public.
    bool has_text = o.known && !(own && f.is_public);
    d.set("anchor", has_text ? data(anchor) : absent());
    d.set("text", data(has_text));
    d.set("id", !o.id.empty() ? o.id : own ? words["own_entries"] : words["not_kept"]);
    d.set("authority", text_or_absent(o.record.authority));
    static constexpr const char* kinds[] = {"kind_order", "kind_list", "kind_local"};
    static constexpr const char* states[] = {"state_active", "state_upcoming", "state_expired", "state_revoked"};
    d.set("kind", words[kinds[static_cast<int>(o.record.kind)]]);
    d.set("state", words[states[static_cast<int>(o.state)]]);
    set_hits(d, o.hits, f, most, words);
    set_deadline(d, o, words);
    if (!has_text) return d;
    d.set("figures", figures_of(o, f, words));
    d.set("reason", reason_data(o.texts, words.language()));
    d.set("legal_basis", text_or_absent(o.texts.legal_basis));
    d.set("category", text_or_absent(o.record.category));
    d.set("clarification", link(o.texts.clarification));
    d.set("reference", link(o.texts.reference));
    set_time(d, "effective", o.record.effective, words);
    set_time(d, "end", std::min(o.record.expires, o.record.lifted), words);
    d.set("lifted_by",
          o.record.lifted != policy::never && !f.is_public ? text_or_absent(o.record.lifted_by) : absent());
    std::vector<data> lifts;
    for (const auto& l : o.lifts) lifts.emplace_back(lift_text(l, words));
    d.set("lifts", data(!lifts.empty()));
    d.set("lifted", list_or_absent(lifts));
    auto unblocked = f.changes.lifted_by.find(o.id);
    d.set("unblocked",
          unblocked == f.changes.lifted_by.end() ? absent() : data(count_text("unblocked", unblocked->second, words)));
    std::string regions;
    for (const auto& r : o.record.regions) regions += (regions.empty() ? "" : ", ") + r;
    d.set("regions", text_or_absent(regions));
    set_time(d, "applied", o.record.applied, words);
    d.set("signers", text_or_absent(o.record.signers));
    return d;
}

}  // namespace

void set_orders(data& page, const ReportFigures& f, const Words& words, std::size_t most) {
    auto largest = most_hits(f.orders);
    std::vector<data> rows, late;
    std::uint64_t left_out = 0, left_out_hits = 0, late_count = 0;
    for (const auto& o : f.orders) {
        if (o.late()) ++late_count;
        if (rows.size() < most) {
            rows.push_back(order_data(o, f, largest, "order-" + std::to_string(rows.size() + 1), words));
        } else {
            ++left_out;
            left_out_hits += o.hits.all();
        }
        if (!o.late() || late.size() == most) continue;
        data d;
        d.set("id", o.id);
        d.set("authority", text_or_absent(o.record.authority));
        set_deadline(d, o, words);
        set_time(d, "applied", o.record.applied, words);
        d.set("late_by", duration_text(o.record.applied - o.record.deadline, words));
        late.push_back(d);
    }
    page.set("some_orders", data(!rows.empty()));
    page.set("no_orders", data(rows.empty()));
    page.set("orders", list_or_absent(rows));
    auto n = words.number(left_out);
    page.set("orders_left_out",
             left_out == 0 ? absent()
             : f.is_public ? data(words.say("orders_more", {{"n", n}}))
                           : data(words.say("orders_more_hits", {{"n", n}, {"hits", words.number(left_out_hits)}})));
    page.set("some_late", data(!late.empty()));
    page.set("late_orders", list_or_absent(late));
    auto with_deadline = words.number(f.orders_with_deadline);
    page.set("deadlines_intro", f.orders_with_deadline == 0                      ? words["deadlines_none"]
                                : late_count == 0 && f.orders_with_deadline == 1 ? words["deadlines_all_one"]
                                : late_count == 0 ? words.say("deadlines_all", {{"n", with_deadline}})
                                : late_count == 1 ? words.say("deadlines_some_one", {{"n", with_deadline}})
                                                  : words.say("deadlines_some", {{"n", with_deadline},
                                                                                 {"late", words.number(late_count)}}));
}

}  // namespace saring::report::page_parts
