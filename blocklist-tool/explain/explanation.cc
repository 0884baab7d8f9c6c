#include "explain/explanation.h"

#include <algorithm>

#include "base/time_text.h"
#include "ledger/lifts.h"
#include "ledger/stored_order.h"
#include "output/quarantine_output.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

std::string extent(policy::Match m) {
    switch (m) {
        case policy::Match::subtree: return tr("and all below it");
        case policy::Match::exact: return tr("that name only");
        case policy::Match::below: return tr("all below it, not the name itself");
    }
    return "?";
}

std::string matched(const policy::Deciding& d, policy::Trigger t) {
    return t == policy::Trigger::address ? d.prefix.to_string() : d.listed.to_string();
}

std::string joined_by_comma(const std::vector<std::string>& parts) {
    std::string out;
    for (const auto& p : parts) out += (out.empty() ? "" : ", ") + p;
    return out;
}

// When a block at an earlier time ended: the order was lifted, the name removed, or the order expired.
struct Ended {
    UnixTime time = 0;
    std::string by;            // who lifted it; empty if the order expired or a commit removed the name
    std::uint64_t serial = 0;  // of that commit; 0: the order expired
};

Ended end_of(const Explanation& e, const policy::Deciding& by, const ledger::Snapshot& now) {
    Ended out{by.order->expires, {}, 0};
    auto known = now.transaction().get(now.tables().orders, be32(by.index));
    if (known) out.time = ledger::decode_order_record(*known).expires;  // later than then, if a list was renewed
    for (auto change = e.changes.rbegin(); change != e.changes.rend(); ++change) {
        if (change->listed || change->index != by.index || change->target != matched(by, e.verdict.trigger) ||
            change->serial <= (e.commit ? e.commit->serial : 0))
            continue;
        auto record = read_journal(now.transaction(), now.tables(), change->serial);
        if (record && record->time < out.time) return {record->time, change->by, change->serial};
        break;
    }
    return out;
}

// An order's members, with its texts for people.
Json whole_order_json(const ledger::Snapshot& s, policy::OrderIndex index, const policy::OrderRecord& r,
                      const Explanation& e) {
    Json j = order_json(r, e.at, e.default_action);
    auto texts = s.texts(index);
    j["reason"] = Json::object();
    for (const auto& [language, text] : texts.reason) j["reason"][language] = text;
    auto text_or_null = [](const std::string& t) { return t.empty() ? Json(nullptr) : Json(t); };
    j["legal_basis"] = text_or_null(texts.legal_basis);
    j["contact"] = texts.contact;
    j["reference"] = text_or_null(texts.reference);
    j["clarification"] = text_or_null(texts.clarification);
    return j;
}

Json deciding_json(const ledger::Snapshot& s, const std::optional<policy::Deciding>& d, const Explanation& e) {
    if (!d) return nullptr;
    return {{"action", to_string(d->action)},
            {"trigger", to_string(e.verdict.trigger)},
            {"matched", matched(*d, e.verdict.trigger)},
            {"match", to_string(d->match)},
            {"order", whole_order_json(s, d->index, *d->order, e)}};
}

Json considered_json(const std::vector<policy::ConsideredEntry>& trace, UnixTime at, Say say) {
    Json out = Json::array();
    for (const auto& c : trace)
        out.push_back({{"matched", c.matched},
                       {"match", to_string(c.match)},
                       {"action", to_string(c.action)},
                       {"counts", c.counts},
                       {"why", say(c.why)},
                       {"order", c.order.id},
                       {"authority", c.order.authority},
                       {"state", to_string(c.order.state(at))},
                       {"regions", c.order.regions}});
    return out;
}

Json answer_json(const AnswerExplained& a, Say say) {
    auto text_or_null = [](const std::string& t) { return t.empty() ? Json(nullptr) : Json(t); };
    return {{"result", to_string(a.kind)},        {"said", a.said},
            {"order", text_or_null(a.order)},     {"trigger", text_or_null(a.trigger)},
            {"matched", text_or_null(a.matched)}, {"why", say(a.why)}};
}

std::string reasons(const ledger::Snapshot& s, policy::OrderIndex index) {
    std::string out;
    for (const auto& [language, text] : s.texts(index).reason)
        out += (out.empty() ? "" : "; ") + shown(language) + ": " + shown(text);
    return out;
}

void print_order(const ledger::Snapshot& s, policy::OrderIndex index, const policy::OrderRecord& o) {
    auto texts = s.texts(index);
    print(tr("  order     %1", shown(o.id)));
    print(tr("  authority %1%2", shown(o.authority), o.category.empty() ? "" : ", " + shown(o.category)));
    if (auto why = reasons(s, index); !why.empty()) print(tr("  reason    %1", why));
    if (!texts.legal_basis.empty()) print(tr("  law       %1", shown(texts.legal_basis)));
    if (!texts.contact.empty()) print(tr("  contact   %1", shown(joined_by_comma(texts.contact))));
    if (!texts.reference.empty()) print(tr("  see       %1", shown(texts.reference)));
    print(o.expires == policy::no_end
              ? tr("  holds     from %1 on, without an end", format_rfc3339(o.effective))
              : tr("  holds     %1 until %2", format_rfc3339(o.effective), format_rfc3339(o.expires)));
    print(tr("  regions   %1", o.regions.empty() ? tr("everywhere") : shown(joined_by_comma(o.regions))));
    print(tr("  applied   %1, at serial %2", format_rfc3339(o.applied), o.applied_serial));
    if (!o.signers.empty()) print(tr("  signed by %1", shown(o.signers)));
    if (o.lifted != policy::never) print(tr("  lifted    %1 by %2", format_rfc3339(o.lifted), shown(o.lifted_by)));
}

void print_end(const Explanation& e, const ledger::Snapshot& now) {
    auto ended = end_of(e, *e.verdict.by, now);
    if (ended.time == policy::no_end) return;  // print_order() says that it has no end
    if (!ended.serial) return print(tr("  until     %1", format_rfc3339(ended.time)));
    print(ended.by.empty() ? tr("  until     %1, when serial %2 removed it", format_rfc3339(ended.time), ended.serial)
                           : tr("  until     %1, lifted by %2 (serial %3)", format_rfc3339(ended.time), shown(ended.by),
                                ended.serial));
}

// Prints the changes before and after a time at which nothing blocked the name.
void print_neighbours(const Explanation& e, const ledger::Snapshot& now) {
    auto serial = e.commit ? e.commit->serial : 0;
    auto print_change = [&](const ledger::NameChange& c) {
        auto record = read_journal(now.transaction(), now.tables(), c.serial);
        std::string when = record ? format_rfc3339(record->time) : "?";
        if (c.listed)
            return print(tr("  listed    %1 by order %2: %3 (serial %4)", when, shown(c.order), c.target, c.serial));
        print(c.by.empty()
                  ? tr("  removed   %1 from order %2: %3 (serial %4)", when, shown(c.order), c.target, c.serial)
                  : tr("  removed   %1 from order %2: %3, lifted by %4 (serial %5)", when, shown(c.order), c.target,
                       shown(c.by), c.serial));
    };
    for (const auto& c : e.changes)
        if (c.serial <= serial) {
            print_change(c);
            break;
        }
    for (auto c = e.changes.rbegin(); c != e.changes.rend(); ++c)
        if (c->serial > serial) return print_change(*c);
}

void print_journal(const Explanation& e) {
    if (e.commit)
        return print(tr("  journal   serial %1 of %2, %3 by %4", e.commit->serial, format_rfc3339(e.commit->time),
                        e.commit->command, shown(e.commit->operator_name)));
    print(e.journal_begins
              ? tr("  journal   begins %1: this database blocked nothing before", format_rfc3339(e.journal_begins))
              : tr("  journal   is empty"));
}

std::string name_and_time(const Explanation& e) {
    return e.past || e.at > now_unix() ? tr("%1 at %2", e.name, format_rfc3339(e.at)) : e.name;
}

// Orders in force in other regions than the one queried.
void print_regions(const Explanation& e) {
    for (const auto& c : e.trace)
        if (!c.counts && !c.order.regions.empty() && c.order.in_force(e.at))
            print(tr("  region    order %1 holds in %2 only (see --region)", shown(c.order.id),
                     shown(joined_by_comma(c.order.regions))));
}

void print_verdict(const Explanation& e, const ledger::Snapshot& then, const ledger::Snapshot& now) {
    const auto& v = e.verdict;
    if (!v.by) {
        auto verdict = toned(tr("not blocked"), Tone::good);
        print(e.trace.empty() ? tr("%1: %2; no order lists it or a name above it", name_and_time(e), verdict)
                              : name_and_time(e) + ": " + verdict);
        print_regions(e);
        if (e.past) print_neighbours(e, now);
    } else {
        auto verdict = v.outcome == policy::Outcome::block
                           ? toned(tr("BLOCKED"), Tone::bad) + ", " + to_string(v.by->action)
                           : tr("%1, not blocked", toned(tr("passed"), Tone::good));
        print(name_and_time(e) + ": " + verdict);
        print(tr("  because   %1 (%2)", matched(*v.by, v.trigger), extent(v.by->match)));
        print_order(then, v.by->index, *v.by->order);
        if (e.past) print_end(e, now);
    }
    if (v.logged) print(tr("  rehearsal order %1 would block it (action log)", shown(v.logged->order->id)));
}

void print_trace(const Explanation& e, const ledger::Snapshot& then) {
    bool heading = false;
    for (const auto& c : e.trace) {
        if (e.verdict.by && c.index == e.verdict.by->index && c.counts) continue;
        if (!heading) print(tr("  other entries"));
        heading = true;
        print(tr("    %1 (%2), %3, order %4: %5", c.matched, to_string(c.match), to_string(c.action), shown(c.order.id),
                 shown(translated(c.why))));
        if (c.order.kind == policy::OrderKind::local)
            if (auto why = reasons(then, c.index); !why.empty()) print(tr("      reason %1", why));
    }
}

// The resolver's answer, which may be blocked for other reasons than the name.
void print_answer(const Explanation& e, const ledger::Snapshot& s) {
    const auto& a = *e.answer;
    bool same = e.verdict.by && e.verdict.by->order->id == a.order;
    auto word = a.kind == AnswerExplained::Kind::by_order ? toned(tr("BLOCKED"), Tone::bad)
                                                          : toned(tr("not blocked"), Tone::good);
    if (a.kind == AnswerExplained::Kind::elsewhere) word = toned(tr("ANSWERED BY SOMETHING ELSE"), Tone::warning);
    if (a.kind == AnswerExplained::Kind::silent) word = toned(tr("NO ANSWER"), Tone::warning);
    print(tr("%1 %2 at the resolver: %3", e.name, e.type, word));
    print(tr("  answer    %1", shown(a.said)));
    print(tr("  because   %1", shown(translated(a.why))));
    if (a.index && !same) print_order(s, *a.index, s.order(*a.index));
}

const char* word_of(policy::Outcome outcome) {
    switch (outcome) {
        case policy::Outcome::block: return "blocked";
        case policy::Outcome::pass: return "passed";
        case policy::Outcome::none: return "not listed";
    }
    return "?";
}

// Printed only if the image differs from the database.
void print_image(const Explanation& e, const ledger::Snapshot& now) {
    if (e.image_refused)
        print(tr("  image     %1",
                 toned(tr("resolvers have none to load: %1", shown(translated(*e.image_refused))), Tone::bad)));
    if (!e.image) return;
    std::string in_ledger = e.verdict.by ? e.verdict.by->order->id : "";
    if (e.image->serial == now.serial() && e.image->order == in_ledger) return;
    std::string there =
        e.image->order.empty() ? tr("no order decides there") : tr("order %1 decides there", shown(e.image->order));
    print(tr("  image     %1",
             toned(tr("resolvers have serial %1, the database is at %2: %3; see: blocklist-tool db publish",
                      e.image->serial, now.serial(), there),
                   Tone::bad)));
}

}  // namespace

bool Explanation::decided() const {
    if (!answer) return verdict.by || verdict.logged;
    switch (answer->kind) {
        case AnswerExplained::Kind::by_order: return true;
        case AnswerExplained::Kind::silent: return !answer->order.empty();
        case AnswerExplained::Kind::passed: return verdict.outcome == policy::Outcome::pass || verdict.logged;
        case AnswerExplained::Kind::elsewhere: return false;
    }
    return false;
}

const char* Explanation::word() const {
    if (answer && answer->kind == AnswerExplained::Kind::by_order) return "blocked";
    if (answer && answer->kind == AnswerExplained::Kind::elsewhere) return "answered elsewhere";
    if (answer && answer->kind == AnswerExplained::Kind::silent && answer->order.empty()) return "no answer";
    return verdict.outcome == policy::Outcome::none && verdict.logged ? "rehearsed" : word_of(verdict.outcome);
}

std::vector<policy::ConsideredEntry> lifted_entries(const ledger::Snapshot& s, const ledger::HistoryTarget& asked,
                                                    const policy::Circumstances& c) {
    std::vector<policy::ConsideredEntry> out;
    s.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
        bool whole = r.lifted <= c.now;
        if (r.kind == policy::OrderKind::list || (!whole && !lifts_names_of(s.transaction(), s.tables(), r.id))) return;
        auto document = s.document(index);
        if (!document) return;
        order::Order order = ledger::stored_order(*document, r.id);
        auto add = [&](const std::string& target, policy::Match match, const Message& why) {
            out.push_back({target, match, index, r, r.action.value_or(c.default_action), false, why});
        };
        auto revoked = msg("revoked %1 by %2", format_rfc3339(r.lifted), r.lifted_by);
        if (!asked.name) {
            for (const auto& p : order.addresses)
                if (whole && p.contains(asked.address)) add(p.to_string(), policy::Match::subtree, revoked);
            return;
        }
        auto covers = [&](const order::DomainTarget& d) {
            return d.match == policy::Match::exact ? d.name == *asked.name : asked.name->is_at_or_below(d.name);
        };
        auto lifted = whole ? std::vector<ledger::LiftedName>() : lifted_names(s, index);
        for (const auto& d : order.domains) {
            if (!covers(d)) continue;
            auto at = std::find_if(lifted.begin(), lifted.end(), [&](const auto& l) { return l.name == d.name; });
            if (whole) add(d.name.to_string(), d.match, revoked);
            else if (at != lifted.end())
                add(d.name.to_string(), d.match,
                    msg("lifted from it %1 by order %2", format_rfc3339(at->lifted), at->by));
        }
    });
    return out;
}

Json explanation_json(const Explanation& e, const ledger::Snapshot& then, const ledger::Snapshot& now, Say say) {
    Json j{{"name", e.name},
           {"type", e.type},
           {"client", e.client.empty() ? Json(nullptr) : Json(e.client)},
           {"regions", e.region.codes},
           {"at", format_rfc3339(e.at)},
           {"serial", then.serial()},
           {"asked", e.answer ? "resolver" : "name"},
           {"verdict", e.word()}};
    Json by = deciding_json(then, e.verdict.by, e);
    for (const char* field : {"action", "trigger", "matched", "match", "order"})
        j[field] = by.is_null() ? by : by[field];
    if (e.answer && e.answer->kind == AnswerExplained::Kind::by_order) {
        const auto& a = *e.answer;
        auto text_or_null = [](const std::string& t) { return t.empty() ? Json(nullptr) : Json(t); };
        j["trigger"] = text_or_null(a.trigger);
        j["matched"] = text_or_null(a.matched);
        if (!e.verdict.by || e.verdict.by->order->id != a.order) {
            j["action"] = j["match"] = j["order"] = nullptr;
            if (a.index) {
                auto record = then.order(*a.index);
                j["action"] = record.action ? Json(to_string(*record.action)) : Json(nullptr);
                j["order"] = whole_order_json(then, *a.index, record, e);
            }
        }
    }
    j["image"] = nullptr;
    if (e.image)
        j["image"] = {{"serial", e.image->serial},
                      {"verdict", word_of(e.image->outcome)},
                      {"order", e.image->order.empty() ? Json(nullptr) : Json(e.image->order)}};
    else if (e.image_refused) j["image"] = {{"error", say(*e.image_refused)}};
    j["until"] = j["ended_by"] = nullptr;
    if (e.verdict.by) {
        auto ended = end_of(e, *e.verdict.by, now);
        j["until"] = end_json(ended.time);
        if (!ended.by.empty()) j["ended_by"] = ended.by;
    }
    j["answer"] = e.answer ? answer_json(*e.answer, say) : Json(nullptr);
    j["rehearsal"] = deciding_json(then, e.verdict.logged, e);
    j["considered"] = considered_json(e.trace, e.at, say);
    j["quarantined"] = Json::array();
    for (const auto& h : e.held) j["quarantined"].push_back(held_json(h, then.order(h.order), e.at));
    return j;
}

void print_explanation(const Explanation& e, const ledger::Snapshot& then, const ledger::Snapshot& now) {
    if (e.answer) print_answer(e, now);
    print_verdict(e, then, now);
    print_trace(e, then);
    for (const auto& h : e.held) {
        auto order = then.order(h.order);
        print(tr("  quarantine %1: %2 of order %3: %4: %5", state_word(state_of(h.record, order, e.at)),
                 shown(target_text(h.kind, h.key)), shown(order.id), h.record.rule, shown(h.record.why)));
    }
    if (e.past) print_journal(e);
    print_image(e, now);
    if (!e.answer && e.asked.name && !e.past)
        print(tr("  asked     by name only: aliases and addresses of the name are not checked (see --resolver)"));
}

}  // namespace saring::tool
