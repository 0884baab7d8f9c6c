#include "recording/hit_recording.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstring>
#include <utility>

#include "base/quiet_thread.h"
#include "file_stamp.h"
#include "glue.h"
#include "hitlog/client.h"

namespace saring {

using config::ClientPrivacy;
using hitlog::Microseconds;
using hitlog::second_us;

namespace {

constexpr int background_nice = 10;
constexpr auto look_every = std::chrono::milliseconds(20);  // while hits come
constexpr auto idle_look_every = std::chrono::milliseconds(100);
constexpr Microseconds flush_every = second_us / 2;
constexpr Microseconds retry_every = second_us;  // after a failure
constexpr Microseconds refresh_every = second_us;
constexpr Microseconds retire_every = 60 * second_us;

// Also after the clock was set back.
bool is_due(Microseconds now, Microseconds last, Microseconds every) { return now - last >= every || now < last; }

hitlog::WriterOptions options_of(const config::HitsConfig& c) {
    hitlog::WriterOptions out;
    out.path = c.path;
    out.instance = c.instance_name();
    out.limits = {c.keep_days, c.keep_hours_days, c.max_size};
    return out;
}

}  // namespace

HitRecording::HitRecording(const config::HitsConfig& config,
                           std::function<std::shared_ptr<const geo::Locator>()> locator)
    : config_(config),
      locator_(std::move(locator)),
      pseudonyms_(config.path, config.key_days),
      writer_(options_of(config)) {
    thread_ = start_quiet_thread([this] { run(); });
}

HitRecording::~HitRecording() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

HitRecorder& HitRecording::new_recorder() {
    std::lock_guard lock(mutex_);
    recorders_.push_back(std::make_unique<HitRecorder>(config_.queue_size));
    return *recorders_.back();
}

HitRecording::Progress HitRecording::progress() {
    std::lock_guard lock(mutex_);
    return progress_;
}

void HitRecording::set_failing(const std::string& why) {
    std::lock_guard lock(mutex_);
    if (progress_.failing == why) return;
    if (why.empty()) glue_log(SARING_HITS_RECORDED_AGAIN, "hits are recorded again");
    else if (progress_.failing.empty())
        glue_log(SARING_HITS_NOT_RECORDED, (why + "; hits wait in memory, then are only counted").c_str());
    progress_.failing = why;
}

void HitRecording::run() {
    // Answers come first where processors are scarce; hits that find a queue full are still counted.
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), background_nice);
    for (bool last = false;;) {
        try {
            round(last);
        } catch (const std::exception& e) { set_failing(e.what()); } catch (...) {
            set_failing("unexpected");
        }
        note_progress();
        if (last) break;
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, gathered_ ? look_every : idle_look_every, [this] { return stop_; });
        last = stop_;
    }
    if (auto left = writer_.waiting()) {
        {
            std::lock_guard lock(mutex_);
            progress_.lost += left;
        }
        glue_log(SARING_HITS_LOST,
                 (std::to_string(left) + " hits could not be written before the module was unloaded").c_str());
    }
}

void HitRecording::round(bool last) {
    auto now = hitlog::now_microseconds();
    refresh(now);
    gathered_ = gather();
    bool failing = !progress().failing.empty();
    if (!last && !is_due(now, flushed_, failing ? retry_every : flush_every)) return;
    flushed_ = now;
    if (last) writer_.close(now);
    else writer_.flush(now);
    set_failing("");
    if (last || !is_due(now, retired_, retire_every)) return;
    retired_ = now;
    writer_.retire(now);
}

// Checks once a second, not for each hit, whether files were replaced.
void HitRecording::refresh(Microseconds now) {
    if (auto locator = locator_(); locator != located_by_) {
        located_by_ = std::move(locator);
        ++look_ups_;
    }
    if (!is_due(now, refreshed_, refresh_every)) return;
    refreshed_ = now;
    ++look_ups_;
    find_pseudonym_key(now);
    if (!config_.asn_mmdb.empty()) load_networks();
}

void HitRecording::load_networks() {
    auto stamp = file_stamp(config_.asn_mmdb);
    bool vanished = stamp == "-" && networks_;
    if (vanished || std::exchange(networks_stamp_, stamp) == stamp) return;
    try {
        networks_ = std::make_unique<geo::Mmdb>(config_.asn_mmdb, "hits.asn_mmdb");
    } catch (const Error& e) {
        const char* instead =
            networks_ ? "; the previous AS numbers stay in use" : "; hits have no AS numbers until then";
        glue_log(SARING_ASN_REFUSED, (std::string(e.what()) + instead).c_str());
    }
}

// Without the key hits are recorded without their clients, never with a plainer form of them.
void HitRecording::find_pseudonym_key(Microseconds now) {
    if (config_.client != ClientPrivacy::keyed) return;
    pseudonym_key_ = nullptr;
    try {
        pseudonym_key_ = &pseudonyms_.key(now);
        key_failing_.clear();
    } catch (const Error& e) {
        if (key_failing_ != e.what())
            glue_log(SARING_HITS_WITHOUT_CLIENT,
                     (std::string(e.what()) + "; hits are recorded without their clients").c_str());
        key_failing_ = e.what();
    }
}

// Region, AS number and stored form of a client are looked up at most once a second.
HitRecording::Client& HitRecording::client(const Prefix& address) {
    std::uint64_t halves[2];
    std::memcpy(halves, address.address.data(), sizeof halves);
    Client& c = clients_[((halves[0] ^ halves[1] * 31) * 0x9e3779b97f4a7c15 >> 32) % clients_.size()];
    if (c.looked_up == look_ups_ && c.address == address) return c;
    c.looked_up = 0;
    c.numbers = {};
    c.address = address;
    c.region = located_by_->region(address);
    c.asn = 0;
    if (networks_)
        if (auto found = networks_->find(address, config_.asn_path); found && found->has_number) c.asn = found->number;
    switch (config_.client) {
        case ClientPrivacy::none: c.stored.clear(); break;
        case ClientPrivacy::prefix:
            c.stored = hitlog::stored_client(hitlog::network_of(address, config_.ipv4_bits, config_.ipv6_bits));
            break;
        case ClientPrivacy::full: c.stored = hitlog::stored_client(address); break;
        case ClientPrivacy::keyed:
            c.stored = pseudonym_key_ ? hitlog::stored_pseudonym(address, *pseudonym_key_) : Bytes();
            break;
    }
    c.looked_up = look_ups_;
    return c;
}

void HitRecording::add(hitlog::Record& record, const std::optional<Prefix>& address) {
    Client unknown;
    Client& c = address ? client(*address) : unknown;
    record.region = c.region;
    record.asn = c.asn;
    record.client = c.stored;
    writer_.add(record, c.numbers);
}

std::size_t HitRecording::gather() {
    std::vector<HitRecorder*> recorders;
    {
        std::lock_guard lock(mutex_);
        for (const auto& r : recorders_) recorders.push_back(r.get());
    }
    std::size_t n = 0;
    for (auto* r : recorders) {
        n += r->drain([this](hitlog::Record& record, const std::optional<Prefix>& client) { add(record, client); });
        if (auto counts = r->take_overflow()) {
            n += counts->total();
            writer_.add_dropped(*counts);
        }
    }
    return n;
}

void HitRecording::note_progress() {
    std::lock_guard lock(mutex_);
    progress_.recorded = writer_.recorded();
    progress_.dropped = writer_.dropped();
    progress_.waiting = writer_.waiting();
    progress_.lost = writer_.lost();
    for (const auto& r : recorders_) progress_.lost += r->lost();
}

}  // namespace saring
