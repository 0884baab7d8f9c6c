#include <filesystem>
#include <memory>

#include "ledger/backup.h"
#include "output/difference_output.h"
#include "program/session.h"

namespace saring::tool {
namespace {

struct DbRestoreOptions {
    std::string file, reason;
    bool foreign = false, dry_run = false, json = false;
};

const char* relation_word(ledger::BackupRelation k) {
    switch (k) {
        case ledger::BackupRelation::past: return "past";
        case ledger::BackupRelation::ahead: return "ahead";
        case ledger::BackupRelation::foreign: return "foreign";
    }
    return "?";
}

void require_sound(const ledger::Snapshot& backup, const std::string& file) {
    auto findings = check_content(backup, {});
    if (findings.total() == 0) return;
    const auto& first = findings.list().front();
    throw ledger::lmdb::Failure(ledger::lmdb::Fault::corrupt, file,
                                msg("is not a sound backup: %1, the first: %2 %3",
                                    msgn("%1 finding", "%1 findings", findings.total()), first.where, first.what),
                                msg("nothing was changed; use another backup"));
}

void restore(Session& session, const DbRestoreOptions& o) {
    require_reason(o.reason, o.dry_run);
    ledger::Backup backup(o.file);
    require_sound(backup.snapshot(), o.file);
    auto from = backup.snapshot().serial();
    auto admit = [&](ledger::BackupRelation k) {
        if (k == ledger::BackupRelation::foreign && !o.foreign)
            throw Error(ErrorKind::refused, o.file, msg("is a backup of another database: their journals differ"),
                        msg("nothing was changed; add --foreign to take over its orders anyway"));
    };
    if (o.dry_run) {
        Reading reading(session.database());
        auto relation = backup_relation(reading.snapshot, backup.snapshot());
        admit(relation);
        auto change = difference(reading.snapshot, backup.snapshot());
        if (o.json) {
            Json j{{"file", o.file},  {"backup_serial", from}, {"kinship", relation_word(relation)},
                   {"dry_run", true}, {"restored", false},     {"serial", reading.snapshot.serial()}};
            j.update(difference_json(change, false));
            return print_json(j);
        }
        print_orders(change);
        return print(tr("would restore serial %1: %2", from, in_words(count(change))));
    }
    ledger::Writer writer(session.database_to_begin());
    auto relation = backup_relation(writer.snapshot(), backup.snapshot());
    admit(relation);
    auto before = writer.serial();
    writer.restore(backup.snapshot());
    auto serial = writer.commit(session.commit_info(
        "db restore",
        std::filesystem::path(o.file).filename().string() + ", serial " + std::to_string(from) + ": " + o.reason,
        now_unix()));
    if (o.json)
        return print_json({{"file", o.file},
                           {"backup_serial", from},
                           {"kinship", relation_word(relation)},
                           {"dry_run", false},
                           {"restored", serial != before},
                           {"serial", serial}});
    if (serial == before) return print(tr("nothing differs from %1, nothing changed", shown(o.file)));
    print(tr("%1: serial %2 restored by serial %3", shown(o.file), from, serial));
}

}  // namespace

void add_db_restore(CLI::App& db, Session& session) {
    auto o = std::make_shared<DbRestoreOptions>();
    auto* c =
        add_command(db, "restore", tr("Restore the database from a backup"), [o, &session] { restore(session, *o); });
    c->add_option("file", o->file, tr("a file that `db backup` wrote"))->required()->type_name("FILE");
    c->add_option("--reason", o->reason, tr("kept in the journal"));
    c->add_flag("--foreign", o->foreign, tr("restore even a backup of another database, without its journal"));
    c->add_flag("--dry-run", o->dry_run, tr("show what would change, change nothing"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(tr(
        "The backup is checked as by `db check`. Restoring is one commit: the serial rises, the journal continues, "
        "and\n"
        "it can be rolled back. If the backup has commits that this database lacks, their journal records are taken\n"
        "over. If the database is too damaged to write to, move its folder away first.\n"
        "Example: blocklist-tool db restore /var/backups/saring-2024-02-14 --reason 'disk replaced'"));
}

}  // namespace saring::tool
