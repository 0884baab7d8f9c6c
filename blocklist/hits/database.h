// The hits environment: written by the resolvers of a machine, several processes at once,
// and now and then by the tool (purge, how far was shipped); read by the tool at any time.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <utility>

#include "base/progress.h"
#include "config/hits_config.h"
#include "hits/schema.h"

namespace saring::hits {

class HitsDatabase {
public:
    // All throw lmdb::Failure in terms of hits: absent, unavailable, full, corrupt, schema.
    // Several callers of one process share one environment, as LMDB demands.
    // Who opens it to write has its pages looked at first, unless this process was the last to write to it. That takes
    // about a second a gigabyte, or as long as the disk needs to read it; what `progress` throws ends it.
    static std::shared_ptr<HitsDatabase> open(const config::HitsConfig& config);           // to read
    static std::shared_ptr<HitsDatabase> open_to_write(const config::HitsConfig& config);  // must exist
    static std::shared_ptr<HitsDatabase> create(const config::HitsConfig& config, Progress& progress = no_progress());  // to write; makes what is missing

    // False once its files were cut short, or another file (or none) stands at the path.
    bool is_in_place() const;

    ~HitsDatabase();
    // After LMDB met damage: its pages are looked at before it is written to again.
    void distrust();
    const ledger::lmdb::Environment& environment() const { return environment_; }
    const HitsTables& tables() const { return tables_; }
    // Octets of the pages that hold something, as `txn` sees it.
    std::uint64_t used_bytes(const ledger::lmdb::Transaction& txn) const;

private:
    enum class Mode { read, write, create };
    HitsDatabase(const config::HitsConfig& config, Mode mode);
    static std::shared_ptr<HitsDatabase> open_shared(const config::HitsConfig& config, Mode mode, Progress& progress);
    ledger::lmdb::Environment environment_;
    HitsTables tables_{};
    bool writable_ = false;
    std::atomic<bool> sound_{false};  // as far as anybody has seen
    std::pair<dev_t, ino_t> opened_{};
};

// Runs `work`, and says what fails in terms of hits rather than of the blocklist.
[[noreturn]] void raise_hits_failure(const ledger::lmdb::Failure& f);
template <typename F>
auto in_hits(F work) {
    try {
        return work();
    } catch (const ledger::lmdb::Failure& f) {
        raise_hits_failure(f);
    }
}

}  // namespace saring::hits
