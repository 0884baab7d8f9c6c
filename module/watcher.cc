#include "watcher.h"

#include <sys/prctl.h>

#include <chrono>
#include <thread>

#include "background_thread.h"
#include "glue.h"
#include "instance.h"

namespace saring {
namespace {

constexpr unsigned slices_a_look = 16;  // of a walk, between looks for a new commit
constexpr auto poll_every = std::chrono::milliseconds(50);
// Between slices. Who runs on without a pause is interrupted by the scheduler sooner or later, most
// likely in the midst of a slice, and then every worker that needs the lock spins until its turn comes again.
constexpr auto breath = std::chrono::microseconds(20);
constexpr unsigned long timer_slack_ns = 1000;  // without it a breath takes three times as long

// The next moment at which an order begins or ceases to count.
UnixTime next_boundary(const ledger::Snapshot& snapshot, UnixTime now) {
    UnixTime next = policy::never;
    snapshot.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
        for (UnixTime t : {r.effective, r.expires, r.lifted})
            if (t > now) next = std::min(next, t);
    });
    return next;
}

std::uint64_t microseconds_since(std::chrono::steady_clock::time_point t) {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - t).count());
}

}  // namespace

Watcher::Watcher(Instance& instance, module_env* env) : instance_(instance), sweeper_(env), background_(env) {
    thread_ = start_background_thread([this] { run(); });
}

Watcher::~Watcher() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    thread_.join();
    try {
        instance_.write_status(progress_, true);
    } catch (...) {  // no memory: readers see that the process is gone, or silent
    }
}

bool Watcher::stopping() {
    std::lock_guard lock(mutex_);
    return stop_;
}

void Watcher::run() {
    ::prctl(PR_SET_TIMERSLACK, timer_slack_ns);
    for (;;) {
        try {
            tick();
        } catch (const std::exception& e) {
            // All is looked at again; the workers have their own failure policy.
            start_over();
            instance_.database_fails(e);
        } catch (...) {
            start_over();
        }
        std::unique_lock lock(mutex_);
        // While a background walk or the warming is under way there is a slice to do each time.
        auto pause = background_running_ || warming_ ? std::chrono::milliseconds(1) : poll_every;
        if (wake_.wait_for(lock, pause, [this] { return stop_; })) return;
    }
}

// A walk may have ended half-way: the next one looks for everything.
void Watcher::start_over() {
    worker_.reset();
    boundary_ = looked_ = 0;
}

void Watcher::tick() {
    UnixTime now = now_unix();
    if (now != last_second_) {
        // After the clock was set back, what was computed for later may be due before.
        if (now < last_second_) boundary_ = looked_ = background_due_ = 0;
        last_second_ = now;
        instance_.reload_replaced_files();
        instance_.look_for_recovery();
        instance_.write_status(progress_);
    }
    auto current = instance_.database();
    if (!current) return;
    if (current != database_ || !worker_) {
        worker_ = std::make_unique<Worker>(current);
        if (current != database_) {
            progress_.serial = hastened_ = 0, looked_ = 0;
            warming_.emplace(current->environment());
        }
        database_ = current;
    }
    look_for_commit();
    warm();

    if (!background_running_ && now >= background_due_) {
        background_.start(std::nullopt);
        background_running_ = true;
        background_due_ = now + instance_.config().eviction.sweep_seconds;
    }
    // A few slices, then commits get their turn again.
    for (unsigned i = 0; background_running_ && i < slices_a_look; ++i) {
        background_running_ = background_.step(*worker_, now);
        std::this_thread::sleep_for(breath);
    }
    progress_.evicted = sweeper_.evicted() + background_.evicted();
}

void Watcher::warm() {
    if (!warming_ || warming_->step()) return;
    if (!warming_->fits())
        glue_log(saring_log_info, ("the blocklist's " + std::to_string(warming_->size() >> 20) + " MiB are more than half of the " + std::to_string(warming_->available() >> 20) +
                                      " MiB of memory that can be had: they are not read ahead, and look-ups may wait for the disk").c_str());
    warming_.reset();
}

// The names touched by a commit that comes during a walk need not wait for its end.
void Watcher::hasten() {
    Worker::Use use(*worker_);
    auto serial = use.snapshot().serial();
    if (serial == hastened_) return;
    UnixTime now = now_unix();
    if (looked_ > 0 && serial > hastened_)
        if (auto touched = Touched::between(use.snapshot(), hastened_, serial, now, now)) sweeper_.evict_hottest(use.snapshot(), *touched, now);
    hastened_ = serial;
}

void Watcher::look_for_commit() {
    for (;;) {
        UnixTime now = now_unix();
        std::uint64_t serial;
        std::optional<Touched> touched;
        bool due = now >= boundary_;
        {
            Worker::Use use(*worker_);
            serial = use.snapshot().serial();
            if (serial == progress_.serial && !due) return;
            if (looked_ > 0 && serial >= progress_.serial)
                touched = Touched::between(use.snapshot(), progress_.serial, serial, looked_, now);
            boundary_ = next_boundary(use.snapshot(), now);
            looked_ = now;
            if (touched) sweeper_.evict_hottest(use.snapshot(), *touched, now);
            hastened_ = serial;
        }
        if (!(touched && touched->empty()) && !sweep(std::move(touched))) return;
        progress_.serial = serial;
    }
}

bool Watcher::sweep(std::optional<Touched> only) {
    auto begin = std::chrono::steady_clock::now();
    sweeper_.start(std::move(only));
    for (unsigned slices = 1; sweeper_.step(*worker_, now_unix()); ++slices) {
        std::this_thread::sleep_for(breath);
        if (slices % slices_a_look != 0) continue;
        if (stopping()) return false;
        hasten();
    }
    ++progress_.sweeps;
    progress_.evicted = sweeper_.evicted() + background_.evicted();
    progress_.last_sweep_us = microseconds_since(begin);
    progress_.longest_sweep_us = std::max(progress_.longest_sweep_us, progress_.last_sweep_us);
    return true;
}

}  // namespace saring
