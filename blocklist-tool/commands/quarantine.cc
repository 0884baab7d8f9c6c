#include <map>
#include <memory>

#include "base/time_text.h"
#include "input/name_argument.h"
#include "input/target_argument.h"
#include "name/lookup_key.h"
#include "output/difference_output.h"
#include "output/output.h"
#include "output/quarantine_output.h"
#include "program/session.h"
#include "state/order_state.h"

namespace saring::tool {
namespace {

struct HeldListOptions {
    std::string order;
    bool all = false, json = false;
};

void list_held(Session& session, const HeldListOptions& o) {
    Reading reading(session.database());
    const auto& s = reading.snapshot;
    UnixTime now = now_unix();
    if (o.json) return print_json(held_list_json(s, o.order, o.all, now));
    std::vector<std::vector<std::string>> rows;
    each_listed_held(s, o.order, o.all, now, [&](const ledger::Held& h, const policy::OrderRecord& order) {
        rows.push_back({state_word(state_of(h.record, order, now)), shown(target_text(h.kind, h.key)), h.record.rule,
                        shown(order.id), shown_time(h.record.since)});
    });
    if (rows.empty()) return print(o.all ? tr("nothing was ever held") : tr("nothing is held"));
    print_table({tr("STATE"), tr("TARGET"), tr("RULE"), tr("ORDER"), tr("SINCE")}, rows);
}

// `text`: a name, an address, a prefix, or * for the whole order.
std::pair<ledger::HeldKind, Bytes> parse_target(const std::string& text) {
    if (text.empty() || text == "*") return {ledger::HeldKind::whole, {}};
    auto target = host_argument(text);
    if (is_prefix_text(target)) return {ledger::HeldKind::address, prefix_key(Prefix::parse(target))};
    return {ledger::HeldKind::name, Bytes(LookupKey(name_argument(target, "target")).view())};
}

struct HeldShowOptions {
    std::string order, target;
    bool json = false;
};

void show_held(Session& session, const HeldShowOptions& o) {
    Reading reading(session.database());
    const auto& s = reading.snapshot;
    UnixTime now = now_unix();
    auto [kind, key] = parse_target(o.target);
    auto index = s.find_order(o.order);
    std::optional<ledger::HeldRecord> record;
    if (index && kind == ledger::HeldKind::whole) {
        if (auto whole = find_whole(s.transaction(), s.tables(), *index)) record = whole->record;
    } else if (index) {
        record = find_held(s.transaction(), s.tables(), *index, kind, key);
    }
    if (!record && kind == ledger::HeldKind::whole && index && !o.json &&
        held_targets(s, *index, s.order(*index), now).count)
        return list_held(session, {o.order, false, false});  // its targets are held one by one
    if (!record && kind == ledger::HeldKind::whole && index)
        throw Error(ErrorKind::not_found, msg("order %1", o.order), msg("is not held as a whole"),
                    msg("see: blocklist-tool quarantine list --all --order %1", o.order));
    if (!record)
        throw Error(ErrorKind::not_found, msg("target %1 of order %2", target_text(kind, key), o.order),
                    msg("is not in quarantine"), msg("see: blocklist-tool quarantine list --all"));
    Json j = held_json({*index, kind, key, *record}, s.order(*index), now);
    std::optional<ledger::EditionChange> change;
    if (!record->change.empty()) change = ledger::decode_edition_change(record->change);
    if (o.json) {
        j["change"] = change ? edition_json(*change) : Json(nullptr);
        return print_json(j);
    }
    for (const auto& [name, value] : j.items())
        if (!value.is_null())
            print(name + std::string(12 - name.size(), ' ') +
                  shown(value.is_string() ? value.get<std::string>() : value.dump()));
    if (!change) return;
    for (const auto& line : edition_lines(*change)) print(line);
}

struct DecideOptions {
    std::string order, reason, rule;
    std::vector<std::string> targets;
    bool json = false;
};

// All targets of the order that the rule holds; of a list there can be very many.
std::vector<std::pair<ledger::HeldKind, Bytes>> held_by_rule(const ledger::Snapshot& s, const DecideOptions& o) {
    std::vector<std::pair<ledger::HeldKind, Bytes>> out;
    if (auto index = s.find_order(o.order))
        each_held(s.transaction(), s.tables(), *index, [&](const ledger::Held& h) {
            if (h.record.rule == o.rule && h.record.state == ledger::HeldState::held) out.emplace_back(h.kind, h.key);
        });
    if (out.empty())
        throw Error(ErrorKind::not_found, msg("rule %1", o.rule), msg("holds nothing of order %1", o.order),
                    msg("see: blocklist-tool quarantine list --order %1", o.order));
    return out;
}

void decide_all(Session& session, const DecideOptions& o, bool release) {
    require_reason(o.reason);
    if (!o.rule.empty() && !o.targets.empty())
        throw Error(ErrorKind::usage, "--rule", msg("and targets exclude each other"), msg("give one of them"));
    const char* command = release ? "quarantine release" : "quarantine discard";
    auto info = session.commit_info(command, o.reason, now_unix());
    ledger::Writer writer(session.database_to_write());
    std::vector<std::pair<ledger::HeldKind, Bytes>> targets;
    if (!o.rule.empty()) targets = held_by_rule(writer.snapshot(), o);
    else
        for (const auto& text : o.targets.empty() ? std::vector<std::string>{"*"} : o.targets)
            targets.push_back(parse_target(text));
    Json done = Json::array();
    for (const auto& [kind, key] : targets) {
        writer.decide_held(o.order, kind, key, {release, info.operator_name, o.reason, info.time});
        done.push_back(target_text(kind, key));
    }
    auto serial = writer.commit(info);
    if (o.json)
        return print_json(
            {{"order", o.order}, {release ? "released" : "discarded", done}, {"reason", o.reason}, {"serial", serial}});
    if (!o.rule.empty())
        return print(trn("order %2: %1 target that %3 held%4; serial %5",
                         "order %2: %1 targets that %3 held%4; serial %5", done.size(), shown(o.order), shown(o.rule),
                         release ? tr(" released, in force") : tr(" discarded, stays out"), serial));
    for (const auto& target : done)
        print(tr("order %1: %2%3; serial %4", shown(o.order), shown(target.get<std::string>()),
                 release ? (o.order.rfind("list:", 0) == 0 && target == "*"
                                ? tr(" released: import or sync the list again, this content is accepted now")
                                : tr(" released, in force"))
                         : tr(" discarded, stays out"),
                 serial));
}

void add_decision(CLI::App& parent, Session& session, bool release) {
    auto o = std::make_shared<DecideOptions>();
    auto* c = add_command(parent, release ? "release" : "discard",
                          release ? tr("Release held targets: they come into force under their order")
                                  : tr("Discard held targets: they stay out for good, the record stays"),
                          [o, release, &session] { decide_all(session, *o, release); });
    c->add_option("order", o->order, tr("order id"))->required()->type_name("ORDER");
    c->add_option("target", o->targets, tr("names or addresses; none: the whole order, if a rule holds it"))
        ->type_name("TARGET...");
    c->add_option("--rule", o->rule, tr("instead of targets: all targets of the order that this rule holds"))
        ->type_name("RULE");
    c->add_option("--reason", o->reason, tr("the reason; kept with the record and in the journal"))->required();
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(release ? tr("All targets are decided in one commit, or none.\n"
                           "Example: blocklist-tool quarantine release B-1/2024 blog.example --reason 'confirmed by "
                           "the ministry, letter 77'")
                      : tr("All targets are decided in one commit, or none.\n"
                           "Example: blocklist-tool quarantine discard B-1/2024 blog.example --reason 'typing error, "
                           "ministry informed'"));
}

}  // namespace

void add_quarantine(CLI::App& app, Session& session) {
    auto* quarantine =
        app.add_subcommand("quarantine", tr("Targets that safety rules hold back: list, show, release, discard"));
    quarantine->require_subcommand(1);
    quarantine->fallthrough();
    auto l = std::make_shared<HeldListOptions>();
    auto* c = add_listing(*quarantine, "list", tr("List targets that wait for a decision"),
                          [l, &session] { list_held(session, *l); });
    c->add_option("--order", l->order, tr("only targets of this order"))->type_name("ORDER");
    c->add_flag("--all", l->all, tr("include released, discarded and closed targets"));
    c->add_flag("--json", l->json, tr("answer in JSON"));
    c->footer(tr(
        "A target is closed when its order is revoked or expires. * is the whole order. Exit code 0 even if nothing\n"
        "is held.\n"
        "Example: blocklist-tool quarantine list --order B-1/2024"));
    auto s = std::make_shared<HeldShowOptions>();
    c = add_listing(*quarantine, "show", tr("Show a held target, why it is held, and what was decided"),
                    [s, &session] { show_held(session, *s); });
    c->add_option("order", s->order, tr("order id"))->required()->type_name("ORDER");
    c->add_option("target", s->target, tr("name or address; none: the whole order"))->type_name("TARGET");
    c->add_flag("--json", s->json, tr("answer in JSON"));
    c->footer(
        tr("For a held edition of a list it also shows the names and addresses that the edition would add (+) and "
           "remove (-).\n"
           "Without a target it lists those of an order whose targets are held one by one.\n"
           "Example: blocklist-tool quarantine show B-1/2024 blog.example\n"
           "Example: blocklist-tool quarantine show list:trustpositif"));
    add_decision(*quarantine, session, true);
    add_decision(*quarantine, session, false);
}

}  // namespace saring::tool
