#include <memory>

#include "admission/admit.h"
#include "base/file.h"
#include "feed/source.h"
#include "output/lift_output.h"
#include "output/output.h"
#include "output/quarantine_output.h"
#include "program/session.h"
#include "trust/signature_files.h"

namespace saring::tool {
namespace {

struct ApplyOptions {
    std::vector<std::string> files, signatures;
    bool scheduled = false, allow_large = false, json = false;
};

void apply_one(Session& session, const ApplyOptions& o, const std::string& file, Json& out) {
    UnixTime now = now_unix();
    Bytes content = read_file(file);
    auto signatures = o.signatures.empty() ? trust::find_signatures(file) : trust::read_signatures(o.signatures);
    auto checked = admission::check_order(session.config(), {file, content, signatures}, o.scheduled, now);
    if (o.allow_large && checked.screening.whole && checked.screening.whole->rule == "too-many-targets")
        checked.screening.whole.reset();
    const order::Order& order = checked.order;
    ledger::Writer writer(session.database_to_write());
    UnixTime at = now_unix();  // after the wait for another writer
    auto likeness = admission::OrderIds(writer.snapshot()).mistakable(order.id);
    auto outcome = admission::admit(session.config(), writer, checked, at);
    auto serial = writer.commit(session.commit_info("order apply", "signed by " + checked.signers, at));
    bool fresh = outcome == ledger::Applied::applied;
    // Read back from the commit: targets that were listed twice, lifted before or decided on since count there.
    Reading reading(writer.database());
    const auto& stored = reading.snapshot;
    auto index = *stored.find_order(order.id);
    auto record = stored.order(index);
    auto idle = idle_lifts(stored, index);
    std::vector<ledger::HeldTarget> held;
    if (fresh) held = checked.held();
    else
        each_listed_held(stored, order.id, false, now, [&](const ledger::Held& h, const policy::OrderRecord&) {
            held.push_back({h.kind, h.key, h.record.match, h.record.rule, h.record.why});
        });
    complain_of_idle_lifts(order.id, idle);
    complain_of_held("order " + order.id, held);
    if (fresh && likeness) complain(translated(*likeness));
    bool lifted = record.lifted <= now;
    if (lifted && !fresh)
        complain("blocklist-tool: " +
                 tr("order %1: was applied before, and lifted %2 by %3; it stays so: to block again needs an order "
                    "with another id",
                    shown(order.id), format_rfc3339(record.lifted), shown(record.lifted_by)));
    bool nothing_left =
        fresh ? checked.nothing_left() : lifted || (record.names + record.addresses == 0 && order.revokes.empty());
    if (nothing_left) session.exit_code = feed::more_severe(session.exit_code, static_cast<int>(ErrorKind::refused));
    bool whole = !held.empty() && held[0].kind == ledger::HeldKind::whole;
    std::size_t quarantined = whole ? order.domains.size() + order.addresses.size() : held.size();
    if (o.json) {
        out.push_back({{"file", file},
                       {"order", order.id},
                       {"applied", fresh},
                       {"lifted", lifted ? Json(format_rfc3339(record.lifted)) : Json(nullptr)},
                       {"serial", serial},
                       {"names", record.names},
                       {"addresses", record.addresses},
                       {"revokes", order.revokes.size()},
                       {"quarantined", quarantined},
                       {"held", held_json(held)},
                       {"idle_lifts", idle_lifts_json(idle)},
                       {"note", fresh && likeness ? Json(likeness->english()) : Json(nullptr)}});
        return;
    }
    if (lifted && !fresh) return;
    std::string line =
        fresh ? tr("order %1: applied at serial %2, %3, %4", shown(order.id), serial,
                   trn("%1 name", "%1 names", record.names), trn("%1 address", "%1 addresses", record.addresses))
              : tr("order %1: already applied, nothing changed", shown(order.id));
    if (!order.revokes.empty()) line += trn(", %1 revocation", ", %1 revocations", order.revokes.size());
    if (!idle.empty()) line += trn(", %1 of them lifts nothing", ", %1 of them lift nothing", idle.size());
    if (quarantined > 0) line += tr(", %1 quarantined (see: blocklist-tool quarantine list)", quarantined);
    auto begin = format_rfc3339(order.effective), end = format_rfc3339(order.expires);
    if (order.expires <= now) return print(line + "; " + tr("it expired %1: only its revocations count", end));
    print(line + "; " + (order.effective > now ? tr("begins %1, until %2", begin, end) : tr("until %1", end)));
}

// Each order is a transaction of its own, so the others go on after an error.
void apply(Session& session, const ApplyOptions& o) {
    if (o.files.size() > 1 && !o.signatures.empty())
        throw Error(ErrorKind::usage, "--signature", msg("is for one order only"),
                    msg("apply the orders one by one, or name the signature files as `order sign` does"));
    Json out = Json::array();
    for (const auto& file : o.files) try {
            apply_one(session, o, file, out);
        } catch (const Error& e) {
            if (o.files.size() == 1 || e.kind() == ErrorKind::database) {
                if (o.json && !out.empty()) print_json(out);
                throw;
            }
            complain("blocklist-tool: " + translated(e.message()));
            out.push_back({{"file", file}, {"error", e.what()}, {"exit_code", static_cast<int>(e.kind())}});
            session.exit_code = feed::more_severe(session.exit_code, static_cast<int>(e.kind()));
        }
    if (o.json) print_json(out);
}

}  // namespace

void add_order_apply(CLI::App& parent, Session& session) {
    auto o = std::make_shared<ApplyOptions>();
    auto* c = add_command(parent, "apply", tr("Check an order's signatures and put it into force"),
                          [o, &session] { apply(session, *o); });
    c->add_option("file", o->files, tr("order files, each with its signature files beside it"))
        ->required()
        ->type_name("FILE...");
    c->add_option("--signature", o->signatures, tr("default: FILE.minisig and FILE.<key id>.minisig (repeatable)"))
        ->type_name("FILE");
    c->add_flag("--scheduled", o->scheduled, tr("accept an order that takes effect later"));
    c->add_flag("--allow-large", o->allow_large, tr("accept more targets than safety.max_order_targets"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(
        tr("Each order is one transaction: it is applied whole or not at all. Exit code 0 means that the resolvers on "
           "this\n"
           "machine use it. Targets that a safety rule holds back go into quarantine and are listed on standard error; "
           "the\n"
           "others apply. Exit code 3 if no target of an order is left. After an error the other orders are still "
           "applied;\n"
           "the exit code is that of the most severe event, in the order of `sync`.\n"
           "Example: blocklist-tool order apply order.json"));

    struct RevokeOptions {
        std::string id, reason;
        bool json = false;
    };
    auto r = std::make_shared<RevokeOptions>();
    auto* revoke =
        add_command(parent, "revoke", tr("Lift an order at this ISP, by the ISP's own decision"), [r, &session] {
            require_reason(r->reason);
            ledger::Writer writer(session.database_to_write());
            std::string by = "operator " + operator_name() + ": " + r->reason;
            UnixTime at = now_unix();
            writer.revoke(r->id, by, at);
            auto serial = writer.commit(session.commit_info("order revoke", r->reason, at));
            if (r->json) return print_json({{"order", r->id}, {"revoked", true}, {"serial", serial}});
            print(tr("order %1: revoked at serial %2", shown(r->id), serial));
        });
    revoke->add_option("id", r->id, tr("order id"))->required()->type_name("ID");
    revoke->add_option("--reason", r->reason, tr("the reason; kept with the order and in the journal"))->required();
    revoke->add_flag("--json", r->json, tr("answer in JSON"));
    revoke->footer(
        tr("Names that another order lists stay blocked.\n"
           "Example: blocklist-tool order revoke B-1/2024 --reason 'wrong site, see ticket 77'"));
}

}  // namespace saring::tool
