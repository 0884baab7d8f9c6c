// The state file, written once a second: docs/schema/module.json. Not called on worker threads.
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "instance.h"

namespace saring {

void Instance::write_status(const Watcher::Progress& progress, bool last) {
    if (!status_file_.is_wanted()) return;
    nlohmann::ordered_json j;
    std::uint64_t queries = 0, kept = 0, rehearsed = 0, probes = 0, passed = 0, blocked[7] = {}, triggers[3] = {};
    std::string location_why;
    {
        std::lock_guard lock(mutex_);
        for (const auto& w : workers_) {
            queries += w->counters.queries.load(std::memory_order_relaxed);
            kept += w->counters.kept.load(std::memory_order_relaxed);
            rehearsed += w->counters.rehearsed.load(std::memory_order_relaxed);
            probes += w->counters.probes.load(std::memory_order_relaxed);
            passed += w->counters.passed.load(std::memory_order_relaxed);
            for (std::size_t i = 0; i < 7; ++i) blocked[i] += w->counters.blocked[i].load(std::memory_order_relaxed);
            for (std::size_t i = 0; i < 3; ++i) triggers[i] += w->counters.triggers[i].load(std::memory_order_relaxed);
        }
        location_why = location_why_;
    }
    auto image = images_.in_force();
    // failing: nothing is judged. stale: an older image, configuration or location data is in use than was provided.
    std::string failing = !unusable_.empty()          ? unusable_
                          : image                     ? ""
                          : images_.refused().empty() ? "no image is in force"
                                                      : images_.refused();
    const std::string& stale = !images_.refused().empty() ? images_.refused()
                               : !outdated_.empty()       ? outdated_
                                                          : location_why;
    j["state"] = !failing.empty() ? "failing" : stale.empty() ? "ok" : "stale";
    j["why"] = !failing.empty() ? failing : stale;
    if (last) {
        j["state"] = "stopped";
        j["why"] = "Unbound unloaded the module";
    }
    j["pid"] = ::getpid();
    j["updated"] = format_rfc3339(now_unix());
    j["serial"] = progress.serial;
    if (const auto folder = config_.database.image_folder(); !folder.empty())
        j["image"] = {{"folder", folder},
                      {"serial", image ? image->serial() : 0},
                      {"ledger", image ? hex(image->state().ledger) : ""},
                      {"names", image ? image->name_count() : 0},
                      {"bytes", image ? image->bytes() : 0},
                      {"refused", images_.refused()}};
    j["configuration"] = {{"file", config_.source}, {"sha256", config_.digest}, {"loaded", format_rfc3339(loaded_)}};
    j["action"] = to_string(config_.answer.action);
    j["failure_policy"] = config_.failure.policy == config::FailurePolicy::resolve ? "resolve" : "servfail";
    j["queries"] = queries;
    j["kept"] = {{"seconds", keeping_.seconds}, {"answers", kept}};
    for (std::size_t i = 0; i < 7; ++i)
        if (static_cast<policy::Action>(i) < policy::Action::passthru)
            j["blocked"][to_string(static_cast<policy::Action>(i))] = blocked[i];
    for (std::size_t i = 0; i < 3; ++i) j["triggers"][to_string(static_cast<policy::Trigger>(i))] = triggers[i];
    j["failed_queries"] = failed_queries_.load(std::memory_order_relaxed);
    j["passed"] = passed;
    j["rehearsed"] = rehearsed;
    j["probes"] = probes;
    if (recording_) {
        auto h = recording_->progress();
        j["hits"] = {{"recorded", h.recorded},
                     {"dropped", h.dropped},
                     {"waiting", h.waiting},
                     {"lost", h.lost},
                     {"failing", h.failing}};
    }
    j["evicted"] = progress.evicted;
    j["sweeps"] = progress.sweeps;
    j["last_sweep_us"] = progress.last_sweep_us;
    j["longest_sweep_us"] = progress.longest_sweep_us;
    status_file_.write(j.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

}  // namespace saring
