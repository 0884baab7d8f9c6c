// The live view: hits as they are recorded, to each viewer those that pass its filter, as server-sent events. One
// thread looks at the hit log some times a second while anybody watches, however many watch.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "hits/reader.h"

namespace saring::tool::console {

// The events for one viewer. Written by the live thread, read by the server's.
class Stream {
public:
    explicit Stream(hitlog::HitFilter filter) : filter_(std::move(filter)) {}

    // Server: up to `size` bytes into `to`. None: the stream has ended, or `sleep` was called, and what was given to
    // on_more() will be, once, when there is more.
    std::size_t read(char* to, std::size_t size, const std::function<void()>& sleep);
    // Server: what to call when there is more. Before the first read.
    void on_more(std::function<void()> wake);
    bool is_ended() const;
    void end();
    // Live thread. What a viewer that does not read would need beyond a bound is dropped, and said.
    void put(const std::string& event, const std::string& data);
    const hitlog::HitFilter& filter() const { return filter_; }

private:
    void wake_up(std::unique_lock<std::mutex>& lock);

    const hitlog::HitFilter filter_;
    mutable std::mutex mutex_;
    std::string waiting_;
    bool asleep_ = false, ended_ = false, dropped_ = false;
    std::function<void()> wake_;
};

class Live {
public:
    Live(std::string hits_folder, std::size_t max_viewers);
    ~Live();  // ends all streams
    Live(const Live&) = delete;
    Live& operator=(const Live&) = delete;

    // Null: as many watch as may.
    std::shared_ptr<Stream> watch(hitlog::HitFilter filter);
    std::size_t viewers() const;
    void stop();

private:
    void run();
    void look();
    void tell(const std::vector<std::shared_ptr<Stream>>& streams);

    const std::string folder_;
    const std::size_t max_viewers_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::list<std::shared_ptr<Stream>> streams_;
    bool stopping_ = false, is_new_audience_ = true;

    // The thread's own.
    std::shared_ptr<hits::HitLog> log_;
    hits::Position seen_;
    bool knows_position_ = false;
    std::deque<std::pair<hitlog::Microseconds, std::uint32_t>> seconds_;  // hits of the last minute, a look each
    std::int64_t last_told_ = 0;
    std::thread thread_;
};

}  // namespace saring::tool::console
