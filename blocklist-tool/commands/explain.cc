#include <arpa/inet.h>

#include <algorithm>
#include <memory>

#include "geo/locator.h"
#include "name/idn.h"
#include "net/ldns.h"
#include "order/target.h"
#include "output.h"
#include "policy/decide.h"
#include "quarantine_output.h"
#include "session.h"
#include "store/stored_order.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

struct Options {
    std::string name, type = "A", client, at;
    std::vector<std::string> regions;
    bool json = false;
};

bool is_address(const std::string& text) {
    unsigned char octets[16];
    return ::inet_pton(AF_INET, text.c_str(), octets) == 1 || ::inet_pton(AF_INET6, text.c_str(), octets) == 1;
}

const char* word(const Verdict& v) {
    if (v.outcome == Outcome::block) return "blocked";
    if (v.outcome == Outcome::pass) return "passed";
    return v.logged ? "rehearsed" : "not listed";
}

std::string extent(Match m) {
    switch (m) {
        case Match::subtree: return tr("and all below it");
        case Match::exact: return tr("that name only");
        case Match::below: return tr("all below it, not the name itself");
    }
    return "?";
}

std::string matched(const Deciding& d, Trigger t) { return t == Trigger::address ? d.prefix.to_string() : d.listed.to_string(); }

Json considered_json(const std::vector<Considered>& trace, UnixTime at) {
    Json out = Json::array();
    for (const auto& c : trace)
        out.push_back({{"matched", c.matched}, {"match", to_string(c.match)}, {"action", to_string(c.action)}, {"counts", c.counts},
                       {"why", c.why.english()}, {"order", c.order.id}, {"authority", c.order.authority}, {"state", to_string(c.order.state(at))}});
    return out;
}

// What a safety rule keeps from blocking the name or address.
bool asks_for(const Snapshot& s, OrderIndex index, const OwnerName& owner, const Prefix& prefix, bool address) {
    auto document = s.document(index);
    if (!document) return false;  // a list's content is not kept
    Order order = stored_order(*document, s.order(index).id);
    if (address) return std::any_of(order.addresses.begin(), order.addresses.end(), [&](const auto& p) { return p.contains(prefix); });
    return std::any_of(order.domains.begin(), order.domains.end(),
                       [&](const auto& d) { return covers(d.name, d.match, owner); });
}

std::vector<Held> held_over(const Snapshot& s, const std::string& name, bool address) {
    std::vector<Held> out;
    OwnerName owner = address ? OwnerName() : OwnerName::parse(name);
    Prefix prefix = address ? Prefix::parse(name) : Prefix();
    each_held(s.transaction(), s.tables(), [&](const Held& h) {
        bool held = false;
        if (h.kind == HeldKind::address && address) held = prefix_of_key(h.key).contains(prefix);
        if (h.kind == HeldKind::name && !address) held = covers(name_of_key(h.key), h.record.match, owner);
        if (held || (h.kind == HeldKind::whole && asks_for(s, h.order, owner, prefix, address))) out.push_back(h);
    });
    return out;
}

Json held_over_json(const Snapshot& s, const std::vector<Held>& held, UnixTime at) {
    Json out = Json::array();
    for (const auto& h : held) out.push_back(held_json(h, s.order(h.order), at));
    return out;
}

void print_held(const Snapshot& s, const std::vector<Held>& held, UnixTime at) {
    for (const auto& h : held) {
        auto order = s.order(h.order);
        print(tr("  quarantine %1: %2 of order %3: %4: %5", state_word(state_of(h.record, order, at)), shown(target_text(h.kind, h.key)), shown(order.id), h.record.rule,
                 shown(h.record.why)));
    }
}

void print_human(const std::string& name, const Verdict& v, const std::vector<Considered>& trace) {
    if (!v.by) {
        auto verdict = toned(tr("not blocked"), Tone::good);
        print(trace.empty() ? tr("%1: %2; no order lists it or a name above it", name, verdict) : name + ": " + verdict);
    }
    if (v.by) {
        const auto& o = *v.by->order;
        auto verdict = v.outcome == Outcome::block ? toned(tr("BLOCKED"),
                                                           Tone::bad) + ", " + to_string(v.by->action) : tr("%1, never blocked", toned(tr("passed"), Tone::good));
        print(name + ": " + verdict);
        print(tr("  because   %1 (%2)", matched(*v.by, v.trigger), extent(v.by->match)));
        print(tr("  order     %1", shown(o.id)));
        print(tr("  authority %1%2", shown(o.authority), o.category.empty() ? "" : ", " + shown(o.category)));
        print(tr("  holds     %1 until %2", format_rfc3339(o.effective), format_rfc3339(o.expires)));
        if (!o.signers.empty()) print(tr("  signed by %1", shown(o.signers)));
    }
    if (v.logged) print(tr("  rehearsal order %1 would block it (action log)", shown(v.logged->order->id)));
    bool heading = false;
    for (const auto& c : trace) {
        if (v.by && c.index == v.by->index && c.counts) continue;
        if (!heading) print(tr("  other entries"));
        heading = true;
        print(tr("    %1 (%2), %3, order %4: %5", c.matched, to_string(c.match), to_string(c.action), shown(c.order.id), shown(translated(c.why))));
    }
}

void explain(Session& session, const Options& o) {
    UnixTime at = o.at.empty() ? now_unix() : parse_rfc3339(o.at, "--at");
    if (ldns_get_rr_type_by_name(o.type.c_str()) == 0)
        throw Error(ErrorKind::usage, "--type", msg("\"%1\" is no query type", o.type), msg("write e.g. A, AAAA, HTTPS or TYPE65"));
    Region region{o.regions, false};
    if (region.codes.empty() && !o.client.empty()) {
        Locator locator(session.config().region);
        auto code = locator.region(Prefix::parse(o.client));
        if (code.empty()) region.everywhere = session.config().region.unknown_is_inside;
        else region.codes.push_back(code);
    }
    Circumstances circumstances{at, &region, session.config().answer.action};
    Reading reading(session.database());
    std::vector<Considered> trace;
    std::string name;
    Verdict v;
    if (is_address(o.name)) {
        auto address = Prefix::parse(o.name);
        name = address.to_string();
        v = decide(reading.snapshot, address, circumstances, &trace);
    } else {
        auto owner = parse_name_input(o.name);
        name = owner.to_string();
        v = decide(reading.snapshot, owner, circumstances, &trace);
    }
    session.exit_code = v.by || v.logged ? exit_done : exit_no;
    auto held = held_over(reading.snapshot, name, is_address(o.name));
    if (!o.json) {
        print_human(name, v, trace);
        return print_held(reading.snapshot, held, at);
    }
    Json j{{"name", name}, {"type", o.type}, {"client", o.client.empty() ? Json(nullptr) : Json(o.client)}, {"regions", region.codes}, {"at", format_rfc3339(at)},
           {"serial", reading.snapshot.serial()}, {"verdict", word(v)}};
    auto deciding = [&](const std::optional<Deciding>& d) {
        if (!d) return Json(nullptr);
        return Json{{"action", to_string(d->action)}, {"trigger", to_string(v.trigger)}, {"matched", matched(*d, v.trigger)},
                    {"match", to_string(d->match)}, {"order", order_json(*d->order, at)}};
    };
    Json by = deciding(v.by);
    for (const char* field : {"action", "trigger", "matched", "match", "order"}) j[field] = by.is_null() ? by : by[field];
    j["rehearsal"] = deciding(v.logged);
    j["considered"] = considered_json(trace, at);
    j["quarantined"] = held_over_json(reading.snapshot, held, at);
    print_json(j);
}

}  // namespace

void add_explain(CLI::App& app, Session& session) {
    auto o = std::make_shared<Options>();
    auto* c = add_command(app, "explain", tr("Say whether a name is blocked, by which order, and why"), [o, &session] { explain(session, *o); });
    c->add_option("name", o->name, tr("owner name or address"))->required()->type_name("NAME");
    c->add_option("--type", o->type, tr("query type; orders hold for every type"))->capture_default_str();
    c->add_option("--client", o->client, tr("the client's address"))->type_name("ADDRESS");
    c->add_option("--region", o->regions, tr("the client's region, e.g. ID-JK (repeatable)"))->type_name("CODE");
    c->add_option("--at", o->at, tr("as of this time; default: now"))->type_name("TIME");
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(tr("Exit code 0 when an order decides, 1 when none does.\n"
              "Example: blocklist-tool explain www.hoaks-pemilu.example --at 2024-02-14T07:00:00+07:00"));
}

}  // namespace saring::tool
