// The module's one thread: notices commits, orders whose time has come, replaced files,
// and sweeps the message cache for them; reads a database ahead; writes the status file. Signals are blocked
// in it, as they belong to Unbound. Started in init, joined in deinit.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "ledger/warming.h"
#include "sweeper.h"

namespace saring {

class Instance;

class Watcher {
public:
    Watcher(Instance& instance, module_env* env);
    ~Watcher();  // waits for the thread, which ends within one slice

    struct Progress {
        std::uint64_t serial = 0;   // up to which the cache was swept
        std::uint64_t evicted = 0;  // messages, since load
        std::uint64_t sweeps = 0;   // finished
        std::uint64_t last_sweep_us = 0;
        std::uint64_t longest_sweep_us = 0;
    };

private:
    void run();
    void tick();
    void start_over();
    void hasten();
    void look_for_commit();
    void warm();
    bool sweep(std::optional<Touched> only);  // to the end; false when stopped
    bool stopping();

    Instance& instance_;
    Sweeper sweeper_, background_;
    std::unique_ptr<Worker> worker_;
    std::shared_ptr<ledger::Database> database_;
    std::optional<ledger::Warming> warming_;  // of that database, while it lasts
    Progress progress_;
    std::uint64_t hastened_ = 0;    // up to which the touched names themselves were evicted
    UnixTime boundary_ = 0;         // when an order's time comes next
    UnixTime looked_ = 0;           // until when orders' times were looked at; 0: never, or the clock was set back
    UnixTime background_due_ = 0;   // when the next walk through the whole cache begins
    bool background_running_ = false;
    UnixTime last_second_ = 0;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stop_ = false;
    std::thread thread_;
};

}  // namespace saring
