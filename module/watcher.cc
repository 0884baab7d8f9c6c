#include "watcher.h"

#include <sys/prctl.h>

#include <chrono>
#include <thread>

#include "base/quiet_thread.h"
#include "glue.h"
#include "instance.h"

namespace saring {
namespace {

constexpr unsigned slices_a_look = 16;  // of a walk, between looks for a new image
constexpr auto poll_every = std::chrono::milliseconds(50);
// Sleep between slices: a thread preempted while holding the table's spinlock makes every worker spin.
constexpr auto pause_between_slices = std::chrono::microseconds(20);
// After a change, seconds until the next periodic walk: by then no worker is still storing what it judged before.
constexpr UnixTime settled_after = 2;
constexpr unsigned long timer_slack_ns = 1000;  // with the default of 50 us a pause takes three times as long

// When the next order begins or ends.
UnixTime next_boundary(const image::Image& image, UnixTime now) {
    UnixTime next = policy::never;
    for (const auto& order : image.orders())
        for (UnixTime t : {order->record.effective, order->record.expires, order->record.lifted})
            if (t > now) next = std::min(next, t);
    return next;
}

std::uint64_t microseconds_since(std::chrono::steady_clock::time_point t) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - t).count());
}

}  // namespace

Watcher::Watcher(Instance& instance, module_env* env)
    : instance_(instance),
      sweeper_(env, instance.images(), instance.config().answer.action,
               instance.kept_handling() == Sweeper::Kept::leave ? Sweeper::Kept::leave : Sweeper::Kept::evict),
      background_(env, instance.images(), instance.config().answer.action, instance.kept_handling()),
      image_folder_(instance.config().database.image_folder()) {
    thread_ = start_quiet_thread([this] { run(); });
}

Watcher::~Watcher() {
    stop_ = true;
    image_folder_.wake();
    thread_.join();
    try {
        instance_.write_status(progress_, true);
    } catch (...) {  // out of memory: the state file shows a process that has ended
    }
}

void Watcher::run() {
    ::prctl(PR_SET_TIMERSLACK, timer_slack_ns);
    while (!stop_) {
        try {
            tick();
        } catch (...) {  // out of memory: a walk may have ended half-way, so the next one judges the whole cache
            swept_image_.reset();
        }
        // During a periodic walk each tick does some slices.
        image_folder_.wait(background_running_ ? std::chrono::milliseconds(1) : poll_every);
    }
}

void Watcher::tick() {
    UnixTime now = now_unix();
    if (now != last_second_) {
        // The clock was set back: due times that were computed before may be too late.
        if (now < last_second_) {
            boundary_ = background_due_ = 0, swept_image_.reset();
            instance_.listing_changes(now);
        }
        last_second_ = now;
        instance_.reload_location();
        instance_.write_status(progress_);
    }
    // After a refusal the ledger may be another or a restored one, whose serials do not say what changed.
    changes_unknown_ = changes_unknown_ || !instance_.images().refused().empty();
    // Write the state at once: the command that published the image waits for it.
    if (look()) instance_.write_status(progress_);
    look_for_changes();

    if (!background_running_ && now >= background_due_) {
        background_.start(std::nullopt);
        background_running_ = true;
        background_due_ = now + instance_.config().eviction.sweep_seconds;
    }
    // Only a few slices of the periodic walk, so that new images do not wait for it.
    for (unsigned i = 0; background_running_ && i < slices_a_look; ++i) {
        background_running_ = background_.step(worker_, now);
        std::this_thread::sleep_for(pause_between_slices);
    }
    progress_.evicted = sweeper_.evicted() + background_.evicted();
}

bool Watcher::look() {
    if (!instance_.images().look()) return false;
    instance_.listing_changes(now_unix());
    return true;
}

// If an image is published during a walk, evicts its changed names before the walk ends.
void Watcher::evict_early() {
    if (!look()) return;
    auto image = instance_.images().in_force();
    UnixTime now = now_unix();
    if (auto changed = ChangedNames::between(*evicted_early_for_, *image, now, now); changed && !changes_unknown_)
        sweeper_.evict_hottest(image::Reader(image), *changed, now);
    evicted_early_for_ = std::move(image);
}

void Watcher::look_for_changes() {
    for (;;) {
        auto image = instance_.images().in_force();
        UnixTime now = now_unix();
        if (!image || (image == swept_image_ && now < boundary_)) return;
        if (boundary_ > 0 && now >= boundary_) instance_.listing_changes(now);
        std::optional<ChangedNames> changed;
        if (swept_image_ && !changes_unknown_)
            changed = ChangedNames::between(*swept_image_, *image, boundaries_checked_, now);
        boundary_ = next_boundary(*image, now);
        boundaries_checked_ = now;
        changes_unknown_ = false;
        if (changed) sweeper_.evict_hottest(image::Reader(image), *changed, now);
        evicted_early_for_ = image;
        swept_image_.reset();  // in case the walk fails
        bool nothing = changed && changed->empty(), everything = !changed || changed->everything();
        if (!nothing) {
            if (!sweep(everything ? std::nullopt : std::move(changed))) return;
            background_due_ = std::min(background_due_, now_unix() + settled_after);
        }
        progress_.serial = image->serial();
        swept_image_ = std::move(image);
    }
}

bool Watcher::sweep(std::optional<ChangedNames> only) {
    auto begin = std::chrono::steady_clock::now();
    sweeper_.start(std::move(only));
    for (unsigned slices = 1; sweeper_.step(worker_, now_unix()); ++slices) {
        std::this_thread::sleep_for(pause_between_slices);
        if (slices % slices_a_look != 0) continue;
        if (stop_) return false;
        evict_early();
    }
    ++progress_.sweeps;
    progress_.evicted = sweeper_.evicted() + background_.evicted();
    progress_.last_sweep_us = microseconds_since(begin);
    progress_.longest_sweep_us = std::max(progress_.longest_sweep_us, progress_.last_sweep_us);
    return true;
}

}  // namespace saring
