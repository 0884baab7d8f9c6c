// What the watcher's thread asks of an Instance about files that were replaced. Never on a worker.
#include "file_stamp.h"
#include "instance.h"

namespace saring {
namespace {

std::string data_file(const config::Config& config) { return config.database.path + "/data.mdb"; }

}  // namespace

std::string Instance::data_stamp() const { return file_stamp(data_file(config_)); }

// One log line per state: called for each query that fails, by any worker.
void Instance::database_fails(const std::exception& e) {
    failed_lately_.store(true, std::memory_order_relaxed);
    if (failing_.load(std::memory_order_relaxed)) return;
    std::lock_guard lock(mutex_);
    if (!failing_.exchange(true)) now_failing(e);
}

// `mutex_` is held.
void Instance::now_failing(const std::exception& e) {
    auto* failure = dynamic_cast<const ledger::lmdb::Failure*>(&e);
    failing_why_ = e.what();
    failing_file_ = data_stamp();
    // Errors of decoding are damage as well.
    failing_until_changed_ = !failure || failure->fault() == ledger::lmdb::Fault::corrupt || failure->fault() == ledger::lmdb::Fault::schema;
    bool resolve = config_.failure.policy == config::FailurePolicy::resolve;
    glue_log(saring_log_error, (failing_why_ + "; until it is mended queries that need it are " + (resolve ? "resolved unchecked" : "refused with SERVFAIL") +
                                " (failure.policy)").c_str());
}

void Instance::look_for_recovery() {
    auto now = database();
    if (!now || !failing_.load(std::memory_order_relaxed)) return;
    bool lately = failed_lately_.exchange(false, std::memory_order_relaxed);
    {
        std::lock_guard lock(mutex_);
        if (failing_until_changed_ ? data_stamp() == failing_file_ : lately) return;
    }
    try {
        now->environment().try_again();
        now->environment().require_whole();
        // Whoever died in the middle of reading still holds a place in the reader table.
        now->environment().clear_stale_readers();
        ledger::lmdb::ReadTxn probe(now->environment());
    } catch (const std::exception&) {
        return;
    }
    std::lock_guard lock(mutex_);
    failing_.store(false);
    failing_why_.clear();
    glue_log(saring_log_info, "the database can be read again");
}

void Instance::reload_replaced_files() {
    reopen_database();
    reload_location();
}

// Until there is a database; what cannot be used is not looked at again until it changes.
void Instance::open_first() {
    if (!unusable_.empty()) {
        std::lock_guard lock(mutex_);
        if (!failing_.exchange(true)) now_failing(std::runtime_error(unusable_ + "; then: unbound-control reload"));
        return;
    }
    auto file = data_stamp();
    {
        std::lock_guard lock(mutex_);
        if (failing_ && failing_until_changed_ && file == failing_file_) return;
    }
    try {
        auto fresh = ledger::Database::open(config_);
        ledger::lmdb::ReadTxn txn(fresh->environment());
        ledger::Snapshot snapshot(txn, fresh->tables());
        auto line = "loaded: " + config_.database.path + ", serial " + std::to_string(snapshot.serial()) + ", " + std::to_string(snapshot.name_count()) + " names";
        take(fresh, file);
        glue_log(saring_log_info, line.c_str());
    } catch (const std::exception& e) {
        std::lock_guard lock(mutex_);
        if (!failing_.exchange(true) || failing_why_ != e.what()) now_failing(e);
    }
}

void Instance::take(std::shared_ptr<ledger::Database> fresh, const std::string& file) {
    std::lock_guard lock(mutex_);
    if (database_)
        retired_.push_back(database_);
    else
        failing_ = false, failing_why_.clear();
    database_ = std::move(fresh);
    opened_file_ = file;
    current_.store(next_generation(), std::memory_order_release);
    stale_why_.clear();
    failing_file_.clear();  // another file: it may be judged anew
}

void Instance::reopen_database() {
    auto current = database();
    if (!current) return open_first();
    auto stale = [&](const std::string& why) {
        bool is_new;
        {
            std::lock_guard lock(mutex_);
            is_new = stale_why_ != why;
            stale_why_ = why;
        }
        if (is_new && !why.empty()) glue_log(saring_log_error, ("goes on with the database that it has: " + why).c_str());
    };
    bool whole = current->is_whole(), outgrown = current->environment().is_outgrown();
    auto file = data_stamp();
    if (whole && file == "-") return stale(data_file(config_) + " is gone; restore it, or create it anew with: blocklist-tool db init");
    if (whole && !outgrown && current->is_still_at_its_path()) return stale("");
    // Nobody wrote to it since it was opened: it was not cut short, a page of it leads beyond its end, and
    // would again.
    if (!whole && current->environment().has_its_locks() && file == opened_file_) return;
    try {
        auto fresh = ledger::Database::open(config_);
        {
            ledger::lmdb::ReadTxn txn(fresh->environment());
            ledger::Snapshot(txn, fresh->tables()).serial();
        }
        take(std::move(fresh), file);
        // Every worker comes for the mutex now: none shall wait for a log.
        glue_log(saring_log_info, outgrown ? "the database has grown beyond its map: opened it anew" : "the database file was replaced: opened the new one");
    } catch (const std::exception& e) {
        if (whole) stale(e.what());
    }
}

// At the start there is none to keep: then nobody is located, as without the options, until the files are good.
std::shared_ptr<const geo::Locator> Instance::load_location() {
    try {
        return std::make_shared<geo::Locator>(config_.region);
    } catch (const Error& e) {
        location_why_ = e.what();
        glue_log(saring_log_error, ("goes on without location data, every client's region is unknown: " + location_why_).c_str());
        return std::make_shared<geo::Locator>(geo::LocationConfig{});
    }
}

// A file that cannot be used changes nothing, and is not looked at again until it changes.
void Instance::reload_location() {
    std::string files = file_stamp(config_.region.mmdb) + " " + file_stamp(config_.region.prefix_table);
    if (locator_files_.empty()) locator_files_ = files;
    if (files == locator_files_) return;
    locator_files_ = files;
    try {
        auto fresh = std::make_shared<geo::Locator>(config_.region);
        {
            std::lock_guard lock(mutex_);
            locator_ = std::move(fresh);
            ++locator_version_;
            location_why_.clear();
        }
        glue_log(saring_log_info, "read the replaced location data");
    } catch (const Error& e) {
        {
            std::lock_guard lock(mutex_);
            location_why_ = e.what();
        }
        glue_log(saring_log_error, (std::string("keeps the location data it has: ") + e.what()).c_str());
    }
}

}  // namespace saring
