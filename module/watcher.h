// The module's thread for images: notices new ones, orders whose time has come and replaced location data, sweeps the
// message cache for them, and writes the status file. Signals are blocked in it, as they belong to Unbound. Started in
// init, joined in deinit.
#pragma once

#include <atomic>
#include <optional>
#include <thread>

#include "folder_watch.h"
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
    void evict_early();
    void look_for_changes();
    bool sweep(std::optional<ChangedNames> only);  // to the end; false when stopped

    Instance& instance_;
    Sweeper sweeper_, background_;
    Worker worker_;
    Progress progress_;
    std::shared_ptr<const image::Image> swept_;  // by which the cache was swept last; null: it is to be swept whole
    bool unknown_past_ = false;                  // an image was refused since
    std::shared_ptr<const image::Image> early_;  // by which the changed names themselves were evicted
    UnixTime boundary_ = 0;                      // when an order's time comes next
    UnixTime looked_ = 0;          // until when orders' times were looked at; 0: never, or the clock was set back
    UnixTime background_due_ = 0;  // when the next walk through the whole cache begins
    bool background_running_ = false;
    UnixTime last_second_ = 0;
    FolderWatch image_folder_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace saring
