#include "explain/explain_name.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/time_text.h"
#include "dns/ldns.h"
#include "geo/locator.h"
#include "input/name_argument.h"
#include "ledger/stored_order.h"
#include "order/target.h"
#include "state/image_state.h"

namespace saring::tool {
namespace {

bool is_address(const std::string& text) {
    unsigned char bytes[16];
    return ::inet_pton(AF_INET, text.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

// Whether the order has a target that covers the name or address.
bool has_target(const ledger::Snapshot& s, policy::OrderIndex index, const OwnerName& owner, const Prefix& prefix,
                bool address) {
    auto document = s.document(index);
    if (!document) return false;  // there is no document of a list
    order::Order order = ledger::stored_order(*document, s.order(index).id);
    if (address)
        return std::any_of(order.addresses.begin(), order.addresses.end(),
                           [&](const auto& p) { return p.contains(prefix); });
    return std::any_of(order.domains.begin(), order.domains.end(),
                       [&](const auto& d) { return order::covers(d.name, d.match, owner); });
}

// Held targets that would cover the name or address.
std::vector<ledger::Held> held_over(const ledger::Snapshot& s, const std::string& name, bool address) {
    std::vector<ledger::Held> out;
    OwnerName owner = address ? OwnerName() : OwnerName::parse(name);
    Prefix prefix = address ? Prefix::parse(name) : Prefix();
    each_held(s.transaction(), s.tables(), [&](const ledger::Held& h) {
        bool held = false;
        if (h.kind == ledger::HeldKind::address && address) held = prefix_of_key(h.key).contains(prefix);
        if (h.kind == ledger::HeldKind::name && !address)
            held = order::covers(name_of_key(h.key), h.record.match, owner);
        if (held || (h.kind == ledger::HeldKind::whole && has_target(s, h.order, owner, prefix, address)))
            out.push_back(h);
    });
    return out;
}

// For a query about an earlier time: reads from the journal when it begins, and all changes of the name.
void look_back(const ledger::Snapshot& now, Explanation& e) {
    each_journal(now.transaction(), now.tables(), [&](const ledger::JournalRecord& r) {
        if (!e.journal_begins) e.journal_begins = r.time;
    });
    e.changes = name_changes(now, e.asked);
}

// Adds the verdict of the published image, which may be older than the database.
void ask_image(const config::Config& config, const policy::Circumstances& c, Explanation& e) {
    // A resolver has verified the image that it has in force; verifying 20 M names again takes half a second.
    auto published = load_published_image(
        config, is_in_force(config, now_unix()) ? image::Reading::in_place : image::Reading::verified_copy);
    e.image_refused = published.refused;
    if (!published.image) return;
    image::Reader reader(published.image);
    auto& found = e.image.emplace();
    found.serial = reader.serial();
    policy::Verdict verdict = e.asked.name ? decide(reader, *e.asked.name, c) : decide(reader, e.asked.address, c);
    found.outcome = verdict.outcome;
    if (verdict.by) found.order = verdict.by->order->id;
}

}  // namespace

std::unique_ptr<Explained> explain_name(Session& session, const ExplainQuery& o, UnixTime now) {
    auto out = std::make_unique<Explained>(session);
    auto& e = out->explanation;
    auto& past = out->past;
    const auto& reading = out->reading;
    e.at = o.at.empty() ? now : parse_time(o.at, "--at", now, TimeDirection::past);
    e.type = o.type;
    e.client = o.client;
    if (ldns_get_rr_type_by_name(o.type.c_str()) == 0)
        throw Error(ErrorKind::usage, "--type", msg("\"%1\" is not a query type", o.type),
                    msg("write e.g. A, AAAA, HTTPS or TYPE65"));
    if (!o.resolver.empty() && !o.at.empty())
        throw Error(ErrorKind::usage, "--resolver", msg("answers for now, not for --at"), msg("leave one of them out"));
    auto asked = host_argument(o.name);
    if (is_address(asked)) {
        e.asked.address = Prefix::parse(asked);
        e.name = e.asked.address.to_string();
        if (!o.resolver.empty())
            throw Error(ErrorKind::usage, "--resolver", msg("takes a name, and %1 is an address", e.name),
                        msg("give a name that resolves to it"));
    } else {
        e.asked.name = name_argument(asked, "explain");
        e.name = e.asked.name->to_string();
    }
    e.region = {o.regions, false};
    if (e.region.codes.empty() && !o.client.empty()) {
        geo::Locator locator(session.config().region);
        auto code = locator.region(Prefix::parse(o.client));
        if (code.empty()) e.region.everywhere = session.config().region.unknown_is_inside;
        else e.region.codes.push_back(code);
    }
    policy::Circumstances circumstances{e.at, &e.region, session.config().answer.action};
    e.default_action = circumstances.default_action;
    const ledger::Snapshot* then = &reading.snapshot;
    if (e.at < now) {
        auto serial = serial_at(reading.snapshot, e.at);
        e.past = true;
        if (serial) e.commit = read_journal(reading.snapshot.transaction(), reading.snapshot.tables(), serial);
        look_back(reading.snapshot, e);
        if (serial < reading.snapshot.serial()) then = &past.emplace(reading.snapshot, e.asked, serial).snapshot();
    }
    e.verdict = e.asked.name ? decide(*then, *e.asked.name, circumstances, &e.trace)
                             : decide(*then, e.asked.address, circumstances, &e.trace);
    if (!e.past) ask_image(session.config(), circumstances, e);
    if (then == &reading.snapshot)
        for (auto& entry : lifted_entries(*then, e.asked, circumstances)) e.trace.push_back(std::move(entry));
    e.held = held_over(*then, e.name, !e.asked.name);
    if (!o.resolver.empty()) {
        DnsClient resolver(o.resolver, o.timeout);
        resolver.mark_as_probes(ProbeKey::read(session.config().module.status_file));  // not recorded as a hit
        e.answer = explain_answer(resolver, *e.asked.name, o.type, e.verdict, *then, circumstances);
    }
    return out;
}

}  // namespace saring::tool
