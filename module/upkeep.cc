// What the watcher's thread asks of an Instance: files that were replaced, and the
// status file. Never on a worker.
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "instance.h"

namespace saring {
namespace {

std::string stamp_of(const std::string& path) {
    struct stat s {};
    if (path.empty() || ::stat(path.c_str(), &s) != 0) return "-";
    return std::to_string(s.st_ino) + ":" + std::to_string(s.st_size) + ":" + std::to_string(s.st_mtim.tv_sec) + "." + std::to_string(s.st_mtim.tv_nsec);
}

}  // namespace

void Instance::reload_replaced_files() {
    if (!database()->is_still_at_its_path()) {
        try {
            auto fresh = Database::open(config_);
            std::lock_guard lock(mutex_);
            retired_.push_back(database_);
            database_ = fresh;
            current_.store(next_generation(), std::memory_order_release);
            replaced_path_.clear();
            glue_log(saring_log_info, "the database file was replaced: opened the new one");
        } catch (const Error& e) {
            // The old one still answers, as it did before.
            if (replaced_path_.empty()) glue_log(saring_log_error, (std::string("the database file was replaced by one that cannot be used: ") + e.what()).c_str());
            replaced_path_ = config_.database.path;
        }
    }
    std::string files = stamp_of(config_.region.mmdb) + " " + stamp_of(config_.region.prefix_table);
    if (locator_files_.empty()) locator_files_ = files;
    if (files == locator_files_) return;
    locator_files_ = files;
    try {
        auto fresh = std::make_shared<Locator>(config_.region);
        std::lock_guard lock(mutex_);
        locator_ = std::move(fresh);
        glue_log(saring_log_info, "read the replaced location data");
    } catch (const Error& e) {
        glue_log(saring_log_error, (std::string("keeps the location data it has: ") + e.what()).c_str());
    }
}

void Instance::write_status(const Watcher::Progress& progress) {
    if (config_.module.status_file.empty()) return;
    nlohmann::ordered_json j;
    std::uint64_t queries = 0, rehearsed = 0, passed = 0, blocked[7] = {}, triggers[3] = {};
    {
        std::lock_guard lock(mutex_);
        for (const auto& w : workers_) {
            queries += w->counters.queries.load(std::memory_order_relaxed);
            rehearsed += w->counters.rehearsed.load(std::memory_order_relaxed);
            passed += w->counters.passed.load(std::memory_order_relaxed);
            for (std::size_t i = 0; i < 7; ++i) blocked[i] += w->counters.blocked[i].load(std::memory_order_relaxed);
            for (std::size_t i = 0; i < 3; ++i) triggers[i] += w->counters.triggers[i].load(std::memory_order_relaxed);
        }
        j["state"] = failing_ ? "failing" : "ok";
        j["why"] = failing_ ? failing_why_ : "";
    }
    j["pid"] = ::getpid();
    j["updated"] = format_rfc3339(now_unix());
    j["serial"] = progress.serial;
    j["failure_policy"] = config_.failure.policy == FailurePolicy::resolve ? "resolve" : "servfail";
    j["queries"] = queries;
    for (std::size_t i = 0; i < 7; ++i)
        if (static_cast<Action>(i) < Action::passthru) j["blocked"][to_string(static_cast<Action>(i))] = blocked[i];
    for (std::size_t i = 0; i < 3; ++i) j["triggers"][to_string(static_cast<Trigger>(i))] = triggers[i];
    j["passed"] = passed;
    j["rehearsed"] = rehearsed;
    j["evicted"] = progress.evicted;
    j["sweeps"] = progress.sweeps;
    j["last_sweep_us"] = progress.last_sweep_us;
    j["longest_sweep_us"] = progress.longest_sweep_us;
    try {
        write_file(config_.module.status_file, j.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
        status_written_ = true;
    } catch (const Error& e) {
        if (status_written_) glue_log(saring_log_info, (std::string("writes no status file: ") + e.what()).c_str());
        status_written_ = false;
    }
}

}  // namespace saring
