// The ISP's local entries: each is an order of kind local with one target, so that explain, answers, journal and
// rollback treat it like any other order. The kind distinguishes it.
#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/time_text.h"
#include "input/name_argument.h"
#include "input/target_argument.h"
#include "ledger/past.h"
#include "ledger/stored_order.h"
#include "order/target.h"
#include "output/output.h"
#include "program/session.h"
#include "safety/rules.h"

namespace saring::tool {
namespace {

struct LocalEntry {
    policy::OrderIndex index;
    policy::OrderRecord record;
    order::Order order;

    bool allows() const { return order.action == policy::Action::passthru; }
    std::string target() const {
        return order.domains.empty() ? order.addresses.at(0).to_string() : order.domains[0].name.to_string();
    }
    std::string match() const { return order.domains.empty() ? "" : to_string(order.domains[0].match); }
    std::string reason() const { return order.reason.empty() ? "" : order.reason[0].second; }
};

std::vector<LocalEntry> entries(const ledger::Snapshot& s) {
    std::vector<LocalEntry> out;
    s.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
        if (r.kind != policy::OrderKind::local) return;
        if (auto document = s.document(index)) out.push_back({index, r, ledger::stored_order(*document, r.id)});
    });
    return out;
}

// Whether an order or list, active or upcoming, blocks what the entry allows, or a name above or below it.
bool is_blocked_otherwise(const ledger::Snapshot& s, const order::Order& entry, policy::Action default_action,
                          UnixTime now) {
    auto blocks = [&](policy::Entry e, bool covered) {
        if (!covered) return false;
        auto r = s.order(e.order);
        auto state = r.state(now);
        auto action = r.action.value_or(default_action);
        return r.kind != policy::OrderKind::local &&
               (state == policy::OrderState::active || state == policy::OrderState::upcoming) &&
               action != policy::Action::passthru && action != policy::Action::log;
    };
    auto any = [&](ByteView value, auto covered) {
        policy::Entries all(value);
        for (std::size_t i = 0; i < all.size(); ++i)
            if (blocks(all[i], covered(all[i]))) return true;
        return false;
    };
    bool address = entry.domains.empty();
    auto keys = address ? ledger::keys_over(entry.addresses[0]) : ledger::keys_over(entry.domains[0].name);
    for (const auto& key : keys)
        if (auto value = s.transaction().get(address ? s.tables().addresses : s.tables().names, key))
            if (any(*value, [&](const policy::Entry& e) {
                    return address || (key == keys.front() ? covers_itself(e.match) : covers_below(e.match));
                }))
                return true;
    if (!address && entry.domains[0].match == policy::Match::exact) return false;
    ledger::lmdb::Cursor cursor(s.transaction(), address ? s.tables().addresses : s.tables().names);
    auto within = [&](ByteView key) {
        return address ? entry.addresses[0].contains(prefix_of_key(key))
                       : key.substr(0, keys.front().size()) == keys.front();
    };
    for (auto item = address ? cursor.first() : cursor.at_or_after(keys.front());
         item && (address || within(item->key)); item = cursor.next())
        if (within(item->key) && any(item->value, [](const policy::Entry&) { return true; })) return true;
    return false;
}

bool in_force(const LocalEntry& e, UnixTime now) { return now < e.record.expires && now < e.record.lifted; }

std::string next_id(const ledger::Snapshot& s) {
    unsigned long long last = 0;
    s.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
        if (r.kind == policy::OrderKind::local)
            last = std::max(last, std::strtoull(r.id.substr(6).c_str(), nullptr, 10));
    });
    return "local:" + std::to_string(last + 1);
}

struct AddOptions {
    std::string target, reason, expires, action;
    bool exact = false, yes = false, json = false;
};

UnixTime expiry(const AddOptions& o, bool allow, const config::LocalConfig& config, UnixTime now) {
    if (o.expires == "never") {
        if (!allow)
            throw Error(ErrorKind::usage, "--expires", msg("never is for local allow only; a local block must end"),
                        msg("give a time; renew the entry before it ends"));
        return policy::no_end;
    }
    unsigned days = allow ? config.allow_days : config.block_days;
    if (o.expires.empty()) return days == 0 ? policy::no_end : now + days * day_seconds;
    auto at = parse_time(o.expires, "--expires", now, TimeDirection::future);
    if (at <= now)
        throw Error(ErrorKind::usage, "--expires", msg("%1 is in the past", o.expires),
                    msg("give a time in the future"));
    return at;
}

order::Order build_local_order(const AddOptions& o, bool allow, const config::LocalConfig& config, UnixTime now) {
    order::Order order;
    order.authority = "local";
    order.issued = order.effective = now;
    order.expires = expiry(o, allow, config, now);
    order.reason.emplace_back("en", o.reason);
    if (allow) order.action = policy::Action::passthru;
    else if (!o.action.empty()) order.action = policy::parse_action(o.action, "--action");
    if (!allow && order.action == policy::Action::passthru)
        throw Error(ErrorKind::usage, "--action", msg("passthru blocks nothing"),
                    msg("use: blocklist-tool local allow"));
    auto target = whole_host_argument(o.target);
    if (is_prefix_text(target)) {
        if (o.exact)
            throw Error(ErrorKind::usage, "--exact", msg("is for names, not for addresses"), msg("leave it out"));
        order.addresses.push_back(Prefix::parse(target));
    } else {
        order.domains.push_back(
            {order::parse_domain_target(target, "target"), o.exact ? policy::Match::exact : policy::Match::subtree});
    }
    return order;
}

void refuse_unsafe(const config::Config& config, const order::Order& order) {
    auto rules = safety::Rules::of(config);
    auto finding = order.domains.empty() ? rules->check(order.addresses[0])
                                         : rules->check(order.domains[0].name, order.domains[0].match);
    if (finding)
        throw Error(ErrorKind::refused, "local block", finding->rule + ": " + finding->why,
                    msg("name the site itself, or change [safety] in the configuration"));
}

// An allowed prefix overrides the orders for every address in it.
void refuse_wide(const config::SafetyConfig& limits, const order::Order& order) {
    if (order.addresses.empty()) return;
    const auto& prefix = order.addresses[0];
    unsigned shortest = prefix.family == 4 ? limits.shortest_ipv4 : limits.shortest_ipv6;
    if (prefix.length < shortest)
        throw Error(ErrorKind::refused, "local allow",
                    msg("%1 is wider than /%2 (safety.shortest_ipv%3), and would override the orders for all its "
                        "addresses",
                        prefix.to_string(), shortest, unsigned{prefix.family}),
                    msg("allow a smaller prefix, or add --yes"));
}

void add_entry(Session& session, const AddOptions& o, bool allow) {
    const char* command = allow ? "local allow" : "local block";
    require_reason(o.reason);
    UnixTime now = now_unix();
    order::Order order = build_local_order(o, allow, session.config().local, now);
    if (!allow) refuse_unsafe(session.config(), order);
    else if (!o.yes) refuse_wide(session.config().safety, order);
    LocalEntry fresh{0, {}, order};

    ledger::Writer writer(session.database_to_write());
    order.id = next_id(writer.snapshot());
    std::string replaced;
    for (const auto& e : entries(writer.snapshot())) {
        if (!in_force(e, now) || e.target() != fresh.target() || e.match() != fresh.match()) continue;
        if (e.allows() != allow)
            throw Error(ErrorKind::refused, fresh.target(),
                        msg("is %1 by %2", allow ? msg("blocked") : msg("allowed"), e.record.id),
                        msg("remove that first: blocklist-tool local remove %1", e.record.id));
        writer.revoke(e.record.id, "replaced by " + order.id, now);
        replaced = e.record.id;
    }
    ledger::OrderPolicy order_policy;
    order_policy.kind = policy::OrderKind::local;
    Bytes document = format_order(order);
    order::parse_order(document, command);  // validates its texts, which subscribers see
    writer.apply(order, {document, {}}, "", now, order_policy);
    bool useful = !allow || is_blocked_otherwise(writer.snapshot(), order, session.config().answer.action, now);
    auto serial = writer.commit(session.commit_info(command, o.reason, now));
    if (!useful)
        complain(tr("%1: nothing blocks %2 now: no order or list has it, a name above it or a name below it", order.id,
                    fresh.target()));
    if (o.json)
        return print_json({{"id", order.id},
                           {"action", allow ? "allow" : "block"},
                           {"target", fresh.target()},
                           {"replaced", replaced.empty() ? Json(nullptr) : Json(replaced)},
                           {"useful", useful},
                           {"expires", end_json(order.expires)},
                           {"serial", serial}});
    print(tr("%1: %2%3%4%5%6; serial %7", order.id, fresh.target(),
             fresh.match() == "subtree" ? tr(" and all below it")
             : fresh.match() == "exact" ? tr(" only")
                                        : "",
             allow ? tr(" always passes") : tr(" is blocked"),
             order.expires == policy::no_end ? tr(", until removed") : tr(", until %1", format_rfc3339(order.expires)),
             replaced.empty() ? "" : tr("; replaces %1", replaced), serial));
}

struct RemoveOptions {
    std::string which, reason;
    bool json = false;
};

void remove(Session& session, const RemoveOptions& o) {
    require_reason(o.reason);
    ledger::Writer writer(session.database_to_write());
    UnixTime now = now_unix();
    std::string target = o.which;
    bool id = o.which.rfind("local:", 0) == 0;
    if (!o.which.empty() && o.which.find_first_not_of("0123456789") == std::string::npos)
        throw Error(ErrorKind::usage, "\"" + o.which + "\"", msg("is neither a target nor an id"),
                    msg("write an id as `local list` shows it: local:%1", o.which));
    if (!id) {
        target = host_argument(o.which);
        target = is_prefix_text(target) ? Prefix::parse(target).to_string()
                                        : order::parse_domain_target(target, "target").to_string();
    }
    Json removed = Json::array();
    for (const auto& e : entries(writer.snapshot())) {
        if (!in_force(e, now) || (id ? e.record.id : e.target()) != target) continue;
        writer.revoke(e.record.id, "operator " + operator_name() + ": " + o.reason, now);
        removed.push_back(e.record.id);
    }
    if (removed.empty())
        throw Error(ErrorKind::not_found, target, msg("has no local entry in force"),
                    msg("see: blocklist-tool local list"));
    auto serial = writer.commit(session.commit_info("local remove", o.reason, now));
    if (o.json) return print_json({{"removed", removed}, {"serial", serial}});
    for (const auto& one : removed) print(tr("%1: removed; serial %2", one.get<std::string>(), serial));
}

void list_local(Session& session, bool all, bool json) {
    Reading reading(session.database());
    UnixTime now = now_unix();
    auto default_action = session.config().answer.action;
    Json items = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const auto& e : entries(reading.snapshot)) {
        if (!all && !in_force(e, now)) continue;
        std::string action = e.allows() ? "allow" : "block";
        bool useful =
            !e.allows() || !in_force(e, now) || is_blocked_otherwise(reading.snapshot, e.order, default_action, now);
        if (json)
            items.push_back({{"id", e.record.id},
                             {"action", action},
                             {"target", e.target()},
                             {"match", e.match().empty() ? Json(nullptr) : Json(e.match())},
                             {"state", to_string(e.record.state(now))},
                             {"since", format_rfc3339(e.record.issued)},
                             {"expires", end_json(e.record.expires)},
                             {"useful", useful},
                             {"reason", e.reason()}});
        rows.push_back({e.record.id, action, e.target() + (e.match() == "exact" ? tr(" (only)") : ""),
                        state_word(e.record.state(now)), shown_end(e.record.expires),
                        shown(e.reason()) + (useful ? "" : tr(" (nothing blocks it)"))});
    }
    if (json) return print_json({{"serial", reading.snapshot.serial()}, {"entries", items}});
    if (rows.empty()) return print(tr("no local entries"));
    print_table({tr("ID"), tr("ACTION"), tr("TARGET"), tr("STATE"), tr("EXPIRES"), tr("REASON")}, rows);
}

void add_adding(CLI::App& parent, Session& session, bool allow) {
    auto o = std::make_shared<AddOptions>();
    auto* c = add_command(parent, allow ? "allow" : "block",
                          allow ? tr("Allow a name or address, whatever orders say")
                                : tr("Block a name or address by the ISP's own decision"),
                          [o, allow, &session] { add_entry(session, *o, allow); });
    c->add_option("target", o->target, tr("name (with all names below it), address or prefix"))
        ->required()
        ->type_name("TARGET");
    c->add_flag("--exact", o->exact, tr("the name only, nothing below it"));
    c->add_option("--reason", o->reason, tr("the reason; kept with the entry and in the journal"))->required();
    c->add_option("--expires", o->expires,
                  allow ? tr("when the entry ends, or never; default: [local] allow_days")
                        : tr("when the entry ends; default: [local] block_days"))
        ->type_name("TIME");
    if (!allow)
        c->add_option("--action", o->action,
                      tr("nxdomain, nodata, refused, redirect, drop or log; default: answer.action"))
            ->type_name("ACTION");
    if (allow) c->add_flag("--yes", o->yes, tr("allow even a prefix wider than safety.shortest_ipv4 or _ipv6"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(
        allow
            ? tr("Overrides every order, also one for a more specific name. Repeating the command replaces the entry.\n"
                 "Example: blocklist-tool local allow news.example --reason 'ticket 77: wrongly listed, ministry "
                 "informed'")
            : tr("Safety rules apply as to orders, but refuse the entry. The answer carries EDE 15 (Blocked), not 16 "
                 "(Censored).\n"
                 "Example: blocklist-tool local block phishing.example --reason 'ticket 78'"));
}

}  // namespace

void add_local(CLI::App& app, Session& session) {
    auto* local = app.add_subcommand("local", tr("The ISP's own entries, which add to the orders or override them"));
    local->require_subcommand(1);
    local->fallthrough();
    add_adding(*local, session, true);
    add_adding(*local, session, false);
    auto r = std::make_shared<RemoveOptions>();
    auto* c = add_command(*local, "remove", tr("Remove a local entry"), [r, &session] { remove(session, *r); });
    c->add_option("which", r->which, tr("target or id of the entry"))->required()->type_name("TARGET|ID");
    c->add_option("--reason", r->reason, tr("the reason; kept in the journal"))->required();
    c->add_flag("--json", r->json, tr("answer in JSON"));
    c->footer(tr("Example: blocklist-tool local remove news.example --reason 'the order is lifted'"));
    auto all = std::make_shared<bool>(false), json = std::make_shared<bool>(false);
    c = add_listing(*local, "list", tr("List the local entries in force"),
                    [all, json, &session] { list_local(session, *all, *json); });
    c->add_flag("--all", *all, tr("include removed and expired entries"));
    c->add_flag("--json", *json, tr("answer in JSON"));
    c->footer(tr("Example: blocklist-tool local list"));
}

}  // namespace saring::tool
