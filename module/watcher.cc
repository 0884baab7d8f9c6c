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
// Between slices. Who runs on without a pause is interrupted by the scheduler sooner or later, most
// likely in the midst of a slice, and then every worker that needs the lock spins until its turn comes again.
constexpr auto pause_between_slices = std::chrono::microseconds(20);
constexpr unsigned long timer_slack_ns = 1000;  // without it a breath takes three times as long

// The next moment at which an order begins or ceases to count.
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
               instance.judges_kept() == Sweeper::Kept::leave ? Sweeper::Kept::leave : Sweeper::Kept::evict),
      background_(env, instance.images(), instance.config().answer.action, instance.judges_kept()),
      image_folder_(instance.config().database.image_folder()) {
    thread_ = start_quiet_thread([this] { run(); });
}

Watcher::~Watcher() {
    stop_ = true;
    image_folder_.wake();
    thread_.join();
    try {
        instance_.write_status(progress_, true);
    } catch (...) {  // no memory: readers see that the process is gone, or silent
    }
}

void Watcher::run() {
    ::prctl(PR_SET_TIMERSLACK, timer_slack_ns);
    while (!stop_) {
        try {
            tick();
        } catch (...) {  // no memory: a walk may have ended half-way, so the next one looks for everything
            swept_.reset();
        }
        // While a background walk is under way there is a slice to do each time.
        image_folder_.wait(background_running_ ? std::chrono::milliseconds(1) : poll_every);
    }
}

void Watcher::tick() {
    UnixTime now = now_unix();
    if (now != last_second_) {
        // After the clock was set back, what was computed for later may be due before.
        if (now < last_second_) boundary_ = background_due_ = 0, swept_.reset();
        last_second_ = now;
        instance_.reload_location();
        instance_.write_status(progress_);
    }
    // A database that was put back may go on from another state than the image in force: its serials tell nothing then.
    unknown_past_ = unknown_past_ || !instance_.images().refused().empty();
    // At once, since the command that published it waits for this.
    if (instance_.images().look()) instance_.write_status(progress_);
    look_for_changes();

    if (!background_running_ && now >= background_due_) {
        background_.start(std::nullopt);
        background_running_ = true;
        background_due_ = now + instance_.config().eviction.sweep_seconds;
    }
    // A few slices, then commits get their turn again.
    for (unsigned i = 0; background_running_ && i < slices_a_look; ++i) {
        background_running_ = background_.step(worker_, now);
        std::this_thread::sleep_for(pause_between_slices);
    }
    progress_.evicted = sweeper_.evicted() + background_.evicted();
}

// The names changed by an image that is published during a walk need not wait for its end.
void Watcher::evict_early() {
    if (!instance_.images().look()) return;
    auto image = instance_.images().in_force();
    UnixTime now = now_unix();
    if (auto changed = ChangedNames::between(*early_, *image, now, now); changed && !unknown_past_)
        sweeper_.evict_hottest(image::Reader(image), *changed, now);
    early_ = std::move(image);
}

void Watcher::look_for_changes() {
    for (;;) {
        auto image = instance_.images().in_force();
        UnixTime now = now_unix();
        if (!image || (image == swept_ && now < boundary_)) return;
        std::optional<ChangedNames> changed;
        if (swept_ && !unknown_past_) changed = ChangedNames::between(*swept_, *image, looked_, now);
        boundary_ = next_boundary(*image, now);
        looked_ = now;
        unknown_past_ = false;
        if (changed) sweeper_.evict_hottest(image::Reader(image), *changed, now);
        early_ = image;
        swept_.reset();  // should the walk fail
        bool nothing = changed && changed->empty(), everything = !changed || changed->everything();
        if (!nothing && !sweep(everything ? std::nullopt : std::move(changed))) return;
        progress_.serial = image->serial();
        swept_ = std::move(image);
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
