// The thread that writes the hit log: it empties the workers' queues, gives each hit its region, network number and
// the client's configured form, and writes twice a second, so that kill -9 loses less than a second. Nothing that
// goes wrong here reaches a worker: hits that cannot be written wait in bounded memory, then are only counted; the
// failure is logged once. Signals are blocked in it. Started in init, joined in deinit after the workers have ended.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "config/hits_config.h"
#include "geo/locator.h"
#include "hitlog/pseudonym_key.h"
#include "hitlog/writer.h"
#include "recording/recorder.h"

namespace saring {

class HitRecording {
public:
    // `locator`: the one in use now, which may be replaced; called on this thread.
    HitRecording(const config::HitsConfig& config, std::function<std::shared_ptr<const geo::Locator>()> locator);
    ~HitRecording();  // writes what is left

    // A queue for one more worker; lives as long as this object. Any thread.
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
    void round(bool last);
    std::size_t gather();
    void refresh(hitlog::Microseconds now);
    void load_networks();
    void find_pseudonym_key(hitlog::Microseconds now);
    struct Client {
        std::uint64_t looked_up = 0;  // look_ups_ when it was looked up; 0: unused
        Prefix address;
        std::string region;
        std::uint32_t asn = 0;
        Bytes stored;  // in the configured form
        hitlog::FrameBuilder::ClientNumbers numbers;
    };
    Client& client(const Prefix& address);
    void add(hitlog::Record& record, const std::optional<Prefix>& address);
    void set_failing(const std::string& why);
    void note_progress();

    const config::HitsConfig config_;
    const std::function<std::shared_ptr<const geo::Locator>()> locator_;
    std::unique_ptr<geo::Mmdb> networks_;
    std::string networks_stamp_;
    hitlog::PseudonymKeeper pseudonyms_;
    hitlog::HitLogWriter writer_;
    std::shared_ptr<const geo::Locator> located_by_;
    const hitlog::PseudonymKey* pseudonym_key_ = nullptr;
    std::string key_failing_;  // why there is none
    std::vector<Client> clients_{1024};
    std::uint64_t look_ups_ = 1;  // raised each second and when location data is replaced
    hitlog::Microseconds flushed_ = 0, retired_ = 0, refreshed_ = 0;
    std::size_t gathered_ = 0;  // in this round

    std::mutex mutex_;  // over what follows; held for moments
    std::vector<std::unique_ptr<HitRecorder>> recorders_;
    Progress progress_;
    std::condition_variable wake_;
    bool stop_ = false;
    std::thread thread_;
};

}  // namespace saring
