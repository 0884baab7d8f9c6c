// One loaded module: configuration, database, and what each worker thread keeps.
// Made in init() and destroyed in deinit(), when no worker runs.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "config/config.h"
#include "glue.h"
#include "policy/decide.h"
#include "worker.h"

namespace saring {

class Instance {
public:
    // Throws Error when the database is absent, unusable or of another schema.
    explicit Instance(Config config);

    saring_step operate(const saring_query& query, saring_event event);
    std::size_t memory() const;

private:
    saring_step enter(const saring_query& query);
    saring_step unavailable(const char* why);
    void rehearse(Worker& worker, const saring_query& query, const Deciding& by);
    Worker& worker();

    Config config_;
    std::shared_ptr<Database> database_;
    const std::uint64_t generation_;  // tells this instance's workers from an earlier one's
    std::mutex workers_mutex_;        // taken once a thread, never per query
    std::vector<std::unique_ptr<Worker>> workers_;
    std::atomic<bool> failing_{false};
};

}  // namespace saring
