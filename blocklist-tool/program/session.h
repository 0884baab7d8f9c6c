// The state of one run of the tool: configuration, database, exit code; and the functions that add commands.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "base/time.h"
#include "config/config.h"
#include "image/publish.h"
#include "ledger/database.h"
#include "ledger/writer.h"
#include "program/language.h"

namespace saring::tool {

// exit_no: nothing was found, or the answer is no. Not an error.
constexpr int exit_done = 0, exit_no = 1;

class Session {
public:
    std::string config_option;  // --config
    int exit_code = exit_done;  // of the command that ran

    const config::Config& config();  // read on first use
    // Replaces the configuration, by saring.toml with changes from the command line.
    void use(const config::Config& config) { config_ = std::make_unique<config::Config>(config); }
    // Sets the zone for displayed times: display.time_zone, or else TZ, or else UTC. Ignores a broken configuration,
    // which the command itself reports.
    void choose_time_zone();
    std::shared_ptr<ledger::Database> database() { return ledger::Database::open(config()); }
    // `dry_run`: nothing will be committed, so nothing is published either. Warns of a clock that is behind the last
    // commit, and throws Error(refused) if it cannot be right at all.
    std::shared_ptr<ledger::Database> database_to_write(bool dry_run = false);
    // The same for `db init` and `db restore`, which may put a new database in the place of a lost one, and its image
    // in the place of another database's.
    std::shared_ptr<ledger::Database> database_to_begin();
    bool begins_anew() const { return begins_anew_; }
    // Whether the database was opened to write and nothing was published since. See publishing.h.
    bool image_may_be_behind() const { return image_may_be_behind_; }
    // The image that resolvers must use when the command ends; nothing if it could not be published.
    void image_is_published(std::optional<image::Publication> done) {
        image_may_be_behind_ = false;
        published_ = std::move(done);
    }
    const std::optional<image::Publication>& published() const { return published_; }
    // `at`: the time that the command stored with the orders, so that the journal has the same.
    ledger::CommitInfo commit_info(const std::string& command, const std::string& detail, UnixTime at) const;

private:
    std::unique_ptr<config::Config> config_;
    bool image_may_be_behind_ = false, begins_anew_ = false;
    std::optional<image::Publication> published_;
};

// A consistent snapshot of the database for one reading command.
class Reading {
public:
    explicit Reading(std::shared_ptr<ledger::Database> db)
        : db_(std::move(db)), txn_(db_->environment()), snapshot(txn_, db_->tables()) {}

private:
    std::shared_ptr<ledger::Database> db_;
    ledger::lmdb::ReadTxn txn_;

public:
    ledger::Snapshot snapshot;
};

// The user who runs the command, from the kernel, not from the environment: the real user, or "budi as root" if another
// user logged in to the session (login uid).
std::string operator_name();

// Throws Error(usage) if the reason is empty, white space or not UTF-8.
void require_reason(const std::string& reason);
// The same for a command that needs none for a dry run.
void require_reason(const std::string& reason, bool dry_run);

// Adds a subcommand of `parent` that runs `body`.
CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& summary,
                      std::function<void()> body);
// The same, for long output: on a terminal it goes through a pager.
CLI::App* add_listing(CLI::App& parent, const std::string& name, const std::string& summary,
                      std::function<void()> body);

// One function a file in commands/; each adds its commands to the program.
void add_key_commands(CLI::App& app, Session& session);
void add_config_commands(CLI::App& app, Session& session);
void add_order_new(CLI::App& order, Session& session);
void add_order_sign(CLI::App& order, Session& session);
void add_order_verify(CLI::App& order, Session& session);
void add_order_apply(CLI::App& order, Session& session);
void add_order_list(CLI::App& order, Session& session);
void add_order_show(CLI::App& order, Session& session);
void add_list_commands(CLI::App& app, Session& session);
void add_list_show(CLI::App& list, Session& session);
void add_list_remove(CLI::App& list, Session& session);
void add_feed_commands(CLI::App& app, Session& session);
void add_feed_publish(CLI::App& feed, Session& session);
void add_feed_verify(CLI::App& feed, Session& session);
void add_feed_export(CLI::App& feed, Session& session);
void add_sync(CLI::App& app, Session& session);
void add_quarantine(CLI::App& app, Session& session);
void add_local(CLI::App& app, Session& session);
void add_explain(CLI::App& app, Session& session);
void add_status(CLI::App& app, Session& session);
void add_metrics(CLI::App& app, Session& session);
void add_db_commands(CLI::App& app, Session& session);
void add_db_history(CLI::App& db, Session& session);
void add_db_publish(CLI::App& db, Session& session);
void add_db_check(CLI::App& db, Session& session);
void add_db_backup(CLI::App& db, Session& session);
void add_db_restore(CLI::App& db, Session& session);
void add_db_rollback(CLI::App& db, Session& session);
void add_receipt_commands(CLI::App& app, Session& session);
void add_receipt_report(CLI::App& receipt, Session& session);
void add_selftest(CLI::App& app, Session& session);
void add_doctor(CLI::App& app, Session& session);
void add_console(CLI::App& app, Session& session);
void add_quality(CLI::App& app, Session& session);
void add_setup(CLI::App& app, Session& session);
void add_completion(CLI::App& app);
void add_landing(CLI::App& app, Session& session);
void add_migrate_commands(CLI::App& app, Session& session);  // migrate/migrate.cc
void add_diff(CLI::App& app, Session& session);
void add_hits_commands(CLI::App& app, Session& session);
void add_hits_list(CLI::App& hits, Session& session);
void add_hits_tail(CLI::App& hits, Session& session);
void add_hits_top(CLI::App& hits, Session& session);
void add_hits_histogram(CLI::App& hits, Session& session);
void add_hits_summary(CLI::App& hits, Session& session);
void add_hits_report(CLI::App& hits, Session& session);
void add_hits_purge(CLI::App& hits, Session& session);
void add_hits_ship(CLI::App& hits, Session& session);
void add_hits_migrate(CLI::App& hits, Session& session);

}  // namespace saring::tool
