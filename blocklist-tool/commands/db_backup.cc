#include "store/backup.h"

#include <filesystem>
#include <memory>

#include "output.h"
#include "session.h"
#include "store/compact.h"
#include "terminal/progress.h"

namespace saring::tool {
namespace {

struct BackupOptions {
    std::string file;
    bool replace = false, json = false;
};

void back_up_database(Session& session, const BackupOptions& o) {
    TerminalProgress progress(TerminalProgress::Where::terminal, o.json);
    back_up(session.database()->environment(), o.file, o.replace, progress);
    Backup written(o.file, progress);
    const auto& s = written.snapshot();
    auto bytes = std::filesystem::file_size(o.file);
    auto orders = s.transaction().entries(s.tables().orders);
    if (o.json)
        return print_json({{"file", o.file}, {"serial", s.serial()}, {"names", s.name_count()}, {"addresses", s.address_count()}, {"orders", orders}, {"bytes", bytes}});
    print(shown(o.file) + ": serial " + std::to_string(s.serial()) + ", " + counted(s.name_count(), "name") + ", " + counted(orders, "order") + ", " + std::to_string(bytes) + " bytes");
}

void compact_database(Session& session, bool json) {
    session.database();  // compacting makes no database
    TerminalProgress progress(TerminalProgress::Where::terminal, json);
    auto done = compact(session.config(), progress);
    const auto& path = session.config().database.path;
    if (json) return print_json({{"database", path}, {"bytes_before", done.before}, {"bytes_after", done.after}});
    print(shown(path) + ": " + std::to_string(done.before) + " bytes before, " + std::to_string(done.after) + " after");
}

}  // namespace

void add_db_backup(CLI::App& db, Session& session) {
    auto o = std::make_shared<BackupOptions>();
    auto* c = add_command(db, "backup", "Copy the database to one file, while it is in use", [o, &session] { back_up_database(session, *o); });
    c->add_option("file", o->file, "the backup to write; it appears whole or not at all")->required()->type_name("FILE");
    c->add_flag("--replace", o->replace, "replace the file if it is there");
    c->add_flag("--json", o->json, "answer in JSON");
    c->footer("The journal goes with it. Commits made while it runs are not in it, and do not wait.\n"
              "Example: blocklist-tool db backup /var/backups/saring-2024-02-14");

    auto json = std::make_shared<bool>(false);
    auto* compacting = add_command(db, "compact", "Give unused space of the database file back", [json, &session] { compact_database(session, *json); });
    compacting->add_flag("--json", *json, "answer in JSON");
    compacting->footer("Writes the database anew beside itself (free space for it is needed) and exchanges the two\n"
                       "at once. Running resolvers go on with the old one and open the new one within a second;\n"
                       "other commands wait.\nExample: blocklist-tool db compact");
}

}  // namespace saring::tool
