#include "console/live.h"

#include <algorithm>
#include <cstring>

#include "base/quiet_thread.h"
#include "hits_view/hits_output.h"

namespace saring::tool::console {
namespace {

constexpr auto look_every = std::chrono::milliseconds(400);  // resolvers write twice a second
constexpr std::size_t max_waiting = 256u << 10;              // bytes for one viewer
constexpr std::size_t hits_a_look = 20000;                   // more of them at once are passed over
constexpr std::size_t hits_a_viewer = 50;                    // a look; no eye follows more
constexpr hitlog::Microseconds rate_window = 10 * hitlog::second_us;

}  // namespace

std::size_t Stream::read(char* to, std::size_t size, const std::function<void()>& sleep) {
    std::lock_guard lock(mutex_);
    auto n = std::min(size, waiting_.size());
    std::memcpy(to, waiting_.data(), n);
    waiting_.erase(0, n);
    asleep_ = n == 0 && !ended_;
    if (asleep_) sleep();  // within the lock: nobody wakes it before it sleeps
    return n;
}

void Stream::on_more(std::function<void()> wake) {
    std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
}

bool Stream::is_ended() const {
    std::lock_guard lock(mutex_);
    return ended_;
}

void Stream::wake_up(std::unique_lock<std::mutex>& lock) {
    if (!std::exchange(asleep_, false) || !wake_) return;
    auto wake = wake_;
    lock.unlock();
    wake();
}

void Stream::end() {
    std::unique_lock lock(mutex_);
    ended_ = true;
    wake_up(lock);
}

void Stream::put(const std::string& event, const std::string& data) {
    std::unique_lock lock(mutex_);
    if (ended_) return;
    if (waiting_.size() + data.size() > max_waiting) {
        if (!std::exchange(dropped_, true)) waiting_ += "event: dropped\ndata: {}\n\n";
        return;
    }
    dropped_ = false;
    waiting_ += event.empty() ? ": \n\n" : "event: " + event + "\ndata: " + data + "\n\n";
    wake_up(lock);
}

Live::Live(std::string hits_folder, std::size_t max_viewers)
    : folder_(std::move(hits_folder)), max_viewers_(max_viewers), log_(std::make_shared<hits::HitLog>(folder_)) {}

Live::~Live() { stop(); }

void Live::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    std::lock_guard lock(mutex_);
    for (const auto& s : streams_) s->end();
    streams_.clear();
}

std::shared_ptr<Stream> Live::watch(hitlog::HitFilter filter) {
    std::lock_guard lock(mutex_);
    streams_.remove_if([](const auto& s) { return s->is_ended(); });
    if (stopping_ || streams_.size() >= max_viewers_) return nullptr;
    if (!thread_.joinable()) thread_ = start_quiet_thread([this] { run(); });
    is_new_audience_ |= streams_.empty();
    streams_.push_back(std::make_shared<Stream>(std::move(filter)));
    changed_.notify_all();
    return streams_.back();
}

std::size_t Live::viewers() const {
    std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(streams_.begin(), streams_.end(), [](const auto& s) { return !s->is_ended(); }));
}

void Live::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        streams_.remove_if([](const auto& s) { return s->is_ended(); });
        if (streams_.empty()) {
            changed_.wait(lock);
            continue;
        }
        std::vector<std::shared_ptr<Stream>> streams(streams_.begin(), streams_.end());
        if (std::exchange(is_new_audience_, false)) knows_position_ = false;
        lock.unlock();
        try {
            tell(streams);
        } catch (const hits::NoHitLog&) {  // all that the first resolver writes is new
            knows_position_ = true;
            seen_.clear();
        } catch (const std::exception&) {  // pages say why it cannot be read
        }
        lock.lock();
        changed_.wait_for(lock, look_every, [this] { return stopping_; });
    }
}

void Live::tell(const std::vector<std::shared_ptr<Stream>>& streams) {
    hits::HitsReader reader(log_);
    auto now = hitlog::now_microseconds();
    if (!std::exchange(knows_position_, true)) {  // the page already has the hits that came while nobody watched
        seen_ = reader.ends();
        seconds_.clear();
        hitlog::HitFilter lately;
        lately.since = now - rate_window;
        std::uint32_t before = 0;
        reader.each_columns(lately, [&](const hitlog::RecordColumns&, const std::vector<std::uint32_t>& rows) {
            before += static_cast<std::uint32_t>(rows.size());
        });
        if (before) seconds_.emplace_back(now - rate_window / 2, before);
    }
    std::vector<std::size_t> shown_to(streams.size()), wanted_by(streams.size());
    std::uint32_t looked_at = 0;
    reader.each(
        {}, hits::HitsReader::Direction::oldest_first,
        [&](const hitlog::Hit& h) {
            std::string line;
            for (std::size_t i = 0; i < streams.size(); ++i) {
                if (!streams[i]->filter().accepts(h) || ++wanted_by[i] > hits_a_viewer) continue;
                if (line.empty()) line = json_line(hit_json(h));
                streams[i]->put("hit", line);
                ++shown_to[i];
            }
            return ++looked_at < hits_a_look;
        },
        &seen_);
    seen_ = reader.ends();
    if (looked_at) seconds_.emplace_back(now, looked_at);
    while (!seconds_.empty() && seconds_.front().first < now - rate_window) seconds_.pop_front();
    for (std::size_t i = 0; i < streams.size(); ++i)
        if (wanted_by[i] > shown_to[i]) streams[i]->put("more", json_line({{"hits", wanted_by[i] - shown_to[i]}}));
    // Once a second, also so that a viewer that has gone is noticed.
    if (now / hitlog::second_us == last_told_) return;
    last_told_ = now / hitlog::second_us;
    std::uint64_t lately = 0;
    for (const auto& [time, n] : seconds_) lately += n;
    auto figures = json_line({{"time", hitlog::format_microseconds(now)},
                              {"per_second", static_cast<double>(lately) / (rate_window / hitlog::second_us)}});
    for (const auto& s : streams) s->put("now", figures);
}

}  // namespace saring::tool::console
