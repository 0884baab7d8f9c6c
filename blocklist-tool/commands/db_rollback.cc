#include <memory>

#include "output/difference_output.h"
#include "program/session.h"

namespace saring::tool {
namespace {

struct DbRollbackOptions {
    std::uint64_t serial = 0;
    std::string reason;
    bool dry_run = false, json = false;
};

void roll_back(Session& session, const DbRollbackOptions& o) {
    require_reason(o.reason, o.dry_run);
    auto refuse_future = [&](std::uint64_t now) {
        if (o.serial > now)
            throw Error(ErrorKind::usage, msg("serial %1", o.serial), msg("is above the database's serial, %1", now),
                        msg("see: blocklist-tool db history"));
    };
    ledger::Difference undo;
    auto look = [&](const ledger::Snapshot& s) {
        refuse_future(s.serial());
        undo = difference(s, o.serial, s.serial());
        invert(undo);
    };
    std::uint64_t before, after;
    if (o.dry_run) {
        Reading reading(session.database());
        look(reading.snapshot);
        before = after = reading.snapshot.serial();
    } else {
        session.database();  // fails if there is no database
        ledger::Writer writer(session.database_to_write());
        look(writer.snapshot());
        writer.apply_difference(undo);
        before = writer.serial();
        after = writer.commit(
            session.commit_info("db rollback", "to serial " + std::to_string(o.serial) + ": " + o.reason, now_unix()));
    }
    if (o.json) {
        Json j{{"to", o.serial}, {"dry_run", o.dry_run}, {"rolled_back", after != before}, {"serial", after}};
        j.update(difference_json(undo, false));
        return print_json(j);
    }
    if (!count(undo).any() && after == before)
        return print(tr("serial %1: nothing differs from serial %2, nothing changed", before, o.serial));
    print_orders(undo);
    if (o.dry_run) return print(tr("would go back to serial %1: %2", o.serial, in_words(count(undo))));
    print(tr("back to serial %1 by serial %2: %3", o.serial, after, in_words(count(undo))));
}

}  // namespace

void add_db_rollback(CLI::App& db, Session& session) {
    auto o = std::make_shared<DbRollbackOptions>();
    auto* c = add_command(db, "rollback", tr("Restore what was blocked at an earlier serial"),
                          [o, &session] { roll_back(session, *o); });
    c->add_option("serial", o->serial, tr("as `db history` shows it; 0 is the empty database"))
        ->required()
        ->type_name("SERIAL");
    c->add_option("--reason", o->reason, tr("kept in the journal"));
    c->add_flag("--dry-run", o->dry_run, tr("show what would change, change nothing"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(tr(
        "One commit, which can be rolled back itself. Orders applied since then are removed from the database and can\n"
        "be applied again: the next sync brings back an order that a feed still publishes. To keep an order out,\n"
        "revoke it.\n"
        "Example: blocklist-tool db rollback 41 --reason 'wrong list imported, ticket 77'"));
}

}  // namespace saring::tool
