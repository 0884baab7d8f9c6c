// The module's background thread: loads new images, notices orders that begin or end and replaced location data,
// sweeps the message cache, and writes the state file. Signals are blocked in it: they are Unbound's. Started in
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
    ~Watcher();  // waits for the thread, at most for one slice of a walk

    struct Progress {
        std::uint64_t serial = 0;   // of the last image for which the cache was swept
        std::uint64_t evicted = 0;  // messages since load
        std::uint64_t sweeps = 0;   // finished since load
        std::uint64_t last_sweep_us = 0;
        std::uint64_t longest_sweep_us = 0;
    };

private:
    void run();
    void tick();
    bool look();  // for a new image; true: it is in force
    void evict_early();
    void look_for_changes();
    bool sweep(std::optional<ChangedNames> only);  // walks the whole cache; false if stopped

    Instance& instance_;
    Sweeper sweeper_, background_;
    Worker worker_;
    Progress progress_;
    std::shared_ptr<const image::Image> swept_image_;  // of the last sweep; null: judge the whole cache
    bool changes_unknown_ = false;                     // an image was refused since the last sweep
    std::shared_ptr<const image::Image> evicted_early_for_;
    UnixTime boundary_ = 0;            // when the next order begins or ends
    UnixTime boundaries_checked_ = 0;  // orders' begins and ends up to here are swept for; 0: none
    UnixTime background_due_ = 0;      // when the next periodic walk begins
    bool background_running_ = false;
    UnixTime last_second_ = 0;
    FolderWatch image_folder_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace saring
