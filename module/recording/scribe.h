// The thread that writes hits: it empties the workers' queues, gives each hit its region,
// network number and the client's configured form, and commits a batch twice a second, so
// that kill -9 loses less than a second. Nothing that goes wrong here reaches a worker:
// what cannot be written is kept while there is room, then counted, and said once.
// Signals are blocked in it. Started in init, joined in deinit after the workers have ended.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "geo/locator.h"
#include "hits/pseudonym_key.h"
#include "hits/writer.h"
#include "recording/recorder.h"

namespace saring {

class Scribe {
public:
    // `locator`: the one in use now, which may be replaced; called on this thread.
    Scribe(const config::HitsConfig& config, std::function<std::shared_ptr<const geo::Locator>()> locator);
    ~Scribe();  // writes what is left

    // A queue for one more worker; lives as long as the scribe. Any thread.
    HitRecorder& new_recorder();

    struct Progress {
        std::uint64_t recorded = 0, dropped = 0;  // since load; dropped ones are counted by hour
        std::uint64_t waiting = 0;                // in memory, not yet written
        std::uint64_t lost = 0;                   // neither: there was no memory, or no disk until the end
        std::string failing;                      // why nothing can be written; empty when all is well
    };
    Progress progress();  // any thread

private:
    void run();
    std::size_t gather();
    void gather_what_can_be();
    void open();
    bool must_end();
    void flush(hits::Microseconds now, bool last);
    void refresh(hits::Microseconds now);
    void find_pseudonym_key();
    void add(hits::Hit& hit, const std::optional<Prefix>& client);
    void say_failing(const std::string& why);

    const config::HitsConfig config_;
    const std::string instance_;
    const std::function<std::shared_ptr<const geo::Locator>()> locator_;
    std::unique_ptr<geo::Mmdb> networks_;
    std::string networks_stamp_;
    hits::PseudonymKeeper pseudonyms_;
    std::unique_ptr<hits::HitsWriter> writer_;
    hits::HitBatch batch_;
    std::shared_ptr<const geo::Locator> located_by_;  // of this round
    const hits::PseudonymKey* pseudonym_key_ = nullptr;
    std::string key_failing_;  // why there is none
    hits::Microseconds flushed_ = 0, tried_ = 0, refreshed_ = 0;

    std::mutex mutex_;  // over what follows; held for moments
    std::vector<std::unique_ptr<HitRecorder>> recorders_;
    Progress progress_;
    std::condition_variable wake_;
    bool stop_ = false;
    std::chrono::steady_clock::time_point stop_asked_;
    std::thread thread_;
};

}  // namespace saring
