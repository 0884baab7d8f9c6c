#include "ledger/backup.h"

#include <filesystem>
#include <memory>

#include "ledger/compact.h"
#include "output/output.h"
#include "program/session.h"
#include "terminal/progress.h"

namespace saring::tool {
namespace {

struct BackupOptions {
    std::string file;
    bool replace = false, json = false;
};

void back_up_database(Session& session, const BackupOptions& o) {
    TerminalProgress progress(TerminalProgress::Where::terminal, o.json);
    ledger::back_up(session.database()->environment(), o.file, o.replace, progress);
    ledger::Backup written(o.file);
    const auto& s = written.snapshot();
    auto bytes = std::filesystem::file_size(o.file);
    auto orders = s.transaction().entries(s.tables().orders);
    if (o.json)
        return print_json({{"file", o.file},
                           {"serial", s.serial()},
                           {"names", s.name_count()},
                           {"addresses", s.address_count()},
                           {"orders", orders},
                           {"bytes", bytes}});
    print(tr("%1: serial %2, %3, %4, %5 bytes", shown(o.file), s.serial(), trn("%1 name", "%1 names", s.name_count()),
             trn("%1 order", "%1 orders", orders), bytes));
}

void compact_database(Session& session, bool json) {
    session.database();  // fails if there is no database
    TerminalProgress progress(TerminalProgress::Where::terminal, json);
    auto done = ledger::compact(session.config(), progress);
    const auto& path = session.config().database.path;
    if (json) return print_json({{"database", path}, {"bytes_before", done.before}, {"bytes_after", done.after}});
    print(tr("%1: %2 bytes before, %3 after", shown(path), done.before, done.after));
}

}  // namespace

void add_db_backup(CLI::App& db, Session& session) {
    auto o = std::make_shared<BackupOptions>();
    auto* c = add_command(db, "backup", tr("Copy the database to one file, while it is in use"),
                          [o, &session] { back_up_database(session, *o); });
    c->add_option("file", o->file, tr("the backup to write; it appears complete or not at all"))
        ->required()
        ->type_name("FILE");
    c->add_flag("--replace", o->replace, tr("replace the file if it exists"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(
        tr("The backup contains the journal. Commits made meanwhile do not wait and are not in the backup.\n"
           "Example: blocklist-tool db backup /var/backups/saring-2024-02-14"));

    auto json = std::make_shared<bool>(false);
    auto* compacting = add_command(db, "compact", tr("Return unused space of the database file to the file system"),
                                   [json, &session] { compact_database(session, *json); });
    compacting->add_flag("--json", *json, tr("answer in JSON"));
    compacting->footer(tr(
        "Writes a second copy beside the database (the disk needs room for it), then replaces the database with it in\n"
        "one step. Resolvers are not affected; other commands wait.\n"
        "Example: blocklist-tool db compact"));
}

}  // namespace saring::tool
