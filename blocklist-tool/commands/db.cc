#include "output/output.h"
#include "program/session.h"

namespace saring::tool {

void add_db_commands(CLI::App& app, Session& session) {
    auto* db = app.add_subcommand("db", tr("Create, check, publish, back up, restore and roll back the database"));
    db->require_subcommand(1);
    db->fallthrough();
    auto* init = add_command(*db, "init", tr("Create the database if it does not exist"), [&session] {
        const std::string path = shown(session.config().database.path);
        try {
            auto serial = Reading(session.database()).snapshot.serial();
            session.database_to_begin();
            return print(tr("%1: exists already, at serial %2; nothing was created", path, serial));
        } catch (const ledger::lmdb::Failure& e) {
            if (e.fault() != ledger::lmdb::Fault::absent && e.fault() != ledger::lmdb::Fault::lost) throw;
        }
        session.database_to_begin();
        print(tr("%1: ready, schema %2", path, ledger::schema_version));
    });
    add_db_history(*db, session);
    add_db_publish(*db, session);
    add_db_check(*db, session);
    add_db_rollback(*db, session);
    add_db_backup(*db, session);
    add_db_restore(*db, session);
    init->footer(tr("The first `order apply` or `list import` does the same.\nExample: blocklist-tool db init"));
}

}  // namespace saring::tool
