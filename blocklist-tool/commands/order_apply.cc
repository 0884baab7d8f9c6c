#include <memory>

#include "admission/admit.h"
#include "base/file.h"
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
    const auto& screening = checked.screening;
    std::size_t held = !fresh            ? 0
                       : screening.whole ? order.domains.size() + order.addresses.size()
                                         : screening.held.size();
    // Read counts back from the commit: targets that were listed twice or lifted before are not counted there.
    std::vector<ledger::IdleLift> idle;
    policy::OrderRecord record = [&] {
        Reading reading(writer.database());
        auto index = *reading.snapshot.find_order(order.id);
        idle = idle_lifts(reading.snapshot, index);
        return reading.snapshot.order(index);
    }();
    complain_of_idle_lifts(order.id, idle);
    if (fresh) {
        complain_of_held("order " + order.id, checked.held());
        if (likeness) complain(translated(*likeness));
        if (checked.nothing_left()) session.exit_code = static_cast<int>(ErrorKind::refused);
    }
    if (o.json) {
        out.push_back({{"file", file},
                       {"order", order.id},
                       {"applied", fresh},
                       {"serial", serial},
                       {"names", record.names},
                       {"addresses", record.addresses},
                       {"revokes", order.revokes.size()},
                       {"quarantined", held},
                       {"held", fresh ? held_json(checked.held()) : Json::array()},
                       {"idle_lifts", idle_lifts_json(idle)},
                       {"note", fresh && likeness ? Json(likeness->english()) : Json(nullptr)}});
        return;
    }
    if (!fresh) return print(tr("order %1: already applied, nothing changed", shown(order.id)));
    std::string line =
        tr("order %1: applied at serial %2, %3, %4", shown(order.id), serial, trn("%1 name", "%1 names", record.names),
           trn("%1 address", "%1 addresses", record.addresses));
    if (!order.revokes.empty()) line += trn(", %1 revocation", ", %1 revocations", order.revokes.size());
    if (!idle.empty()) line += trn(", %1 of them lifts nothing", ", %1 of them lift nothing", idle.size());
    if (held > 0) line += tr(", %1 quarantined (see: blocklist-tool quarantine list)", held);
    auto begin = format_rfc3339(order.effective), end = format_rfc3339(order.expires);
    if (order.expires <= now) return print(line + "; " + tr("it expired %1: only its revocations count", end));
    print(line + "; " + (order.effective > now ? tr("begins %1, until %2", begin, end) : tr("until %1", end)));
}

}  // namespace

void add_order_apply(CLI::App& parent, Session& session) {
    auto o = std::make_shared<ApplyOptions>();
    auto* apply = add_command(parent, "apply", tr("Check an order's signatures and put it into force"), [o, &session] {
        if (o->files.size() > 1 && !o->signatures.empty())
            throw Error(ErrorKind::usage, "--signature", msg("is for one order only"),
                        msg("apply the orders one by one, or name the signature files as `order sign` does"));
        Json out = Json::array();
        for (const auto& file : o->files) apply_one(session, *o, file, out);
        if (o->json) print_json(out);
    });
    apply->add_option("file", o->files, tr("order files, each with its signature files beside it"))
        ->required()
        ->type_name("FILE...");
    apply->add_option("--signature", o->signatures, tr("default: FILE.minisig and FILE.<key id>.minisig (repeatable)"))
        ->type_name("FILE");
    apply->add_flag("--scheduled", o->scheduled, tr("accept an order that takes effect later"));
    apply->add_flag("--allow-large", o->allow_large, tr("accept more targets than safety.max_order_targets"));
    apply->add_flag("--json", o->json, tr("answer in JSON"));
    apply->footer(
        tr("Each order is one transaction: it is applied whole or not at all. Exit code 0 means that the resolvers on "
           "this\n"
           "machine use it. Targets that a safety rule holds back go into quarantine and are listed on standard error; "
           "the\n"
           "others apply. Exit code 3 if no target of an order is left.\n"
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
