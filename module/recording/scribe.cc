#include "recording/scribe.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "background_thread.h"
#include "file_stamp.h"
#include "glue.h"

namespace saring {
namespace {

constexpr int background_nice = 10;
constexpr auto look_every = std::chrono::milliseconds(20);  // while hits come
constexpr auto rest = std::chrono::milliseconds(100);       // while none do
constexpr hits::Microseconds flush_every = hits::second_us / 2;
constexpr hits::Microseconds refresh_every = hits::second_us;
constexpr hits::Microseconds try_again_every = hits::second_us;  // after a failure
constexpr std::chrono::seconds longest_end{1};

// While a large file is looked through: the queues are emptied, and it ends when Unbound is to end, which waits for this thread.
class Meanwhile : public Progress {
public:
    Meanwhile(std::function<bool()> over, std::function<void()> work) : over_(std::move(over)), work_(std::move(work)) {}
    void begin(const Message&, const Message&, std::uint64_t) override {}
    void at(std::uint64_t) override {
        work_();
        if (over_()) throw ledger::lmdb::Failure(ledger::lmdb::Fault::unavailable, msg("hits database"), msg("the resolver ends before its pages are looked at"), "");
    }
    void end() override {}

private:
    std::function<bool()> over_;
    std::function<void()> work_;
};

}  // namespace

Scribe::Scribe(const config::HitsConfig& config, std::function<std::shared_ptr<const geo::Locator>()> locator)
    : config_(config), instance_(config.instance_name()), locator_(std::move(locator)), pseudonyms_(config) {
    if (!config_.asn_mmdb.empty()) {
        networks_ = std::make_unique<geo::Mmdb>(config_.asn_mmdb, "hits.asn_mmdb");
        networks_stamp_ = file_stamp(config_.asn_mmdb);
    }
    thread_ = start_background_thread([this] { run(); });
}

Scribe::~Scribe() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
        stop_asked_ = std::chrono::steady_clock::now();
    }
    wake_.notify_all();
    thread_.join();
}

HitRecorder& Scribe::new_recorder() {
    std::lock_guard lock(mutex_);
    recorders_.push_back(std::make_unique<HitRecorder>(config_.queue_size));
    return *recorders_.back();
}

Scribe::Progress Scribe::progress() {
    std::lock_guard lock(mutex_);
    return progress_;
}

void Scribe::say_failing(const std::string& why) {
    std::lock_guard lock(mutex_);
    if (progress_.failing == why) return;
    if (why.empty())
        glue_log(saring_log_info, "hits are recorded again");
    else if (progress_.failing.empty())
        glue_log(saring_log_error, ("hits are counted, not recorded: " + why).c_str());
    progress_.failing = why;
}

void Scribe::run() {
    // Where processors are scarce answers go first: what then finds a queue full is still counted.
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), background_nice);
    for (bool last = false;;) {
        std::size_t came = 0;
        bool gathered = false;
        auto now = hits::now_microseconds();
        try {
            refresh(now);
            came = gather();
            gathered = true;
            // After the clock was set back what was due later is due now.
            bool due = now - flushed_ >= flush_every || now < flushed_ || last || batch_.records() >= hits::BlockBuilder::most;
            if (due) flush(now, last);
        } catch (const ledger::lmdb::Failure& e) {
            if (writer_ && e.fault() == ledger::lmdb::Fault::corrupt) writer_->database().distrust();
            if (e.fault() != ledger::lmdb::Fault::full) writer_.reset();  // whatever stands there then is opened
            if (!must_end()) say_failing(e.what());
        } catch (const std::exception& e) {
            say_failing(e.what());
        } catch (...) {
            say_failing("unexpected");
        }
        if (last) {
            if (!gathered) gather_what_can_be();
            break;
        }
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, came ? look_every : rest, [this] { return stop_; });
        last = stop_;
    }
    if (batch_.empty()) return;
    {
        std::lock_guard lock(mutex_);
        progress_.lost += batch_.counts().total();
    }
    glue_log(saring_log_error, (std::to_string(batch_.counts().total()) + " hits could not be written before the end").c_str());
}

// What may have been replaced: looked at once a second, not once a hit.
void Scribe::refresh(hits::Microseconds now) {
    located_by_ = locator_();
    if (now - refreshed_ < refresh_every && now >= refreshed_) return;
    refreshed_ = now;
    if (writer_ && !writer_->database().is_in_place()) writer_.reset();
    // The key of pseudonyms lies beside the database.
    if (!writer_ && config_.client == config::ClientPrivacy::keyed) open();
    if (config_.asn_mmdb.empty()) return;
    auto stamp = file_stamp(config_.asn_mmdb);
    if (stamp == networks_stamp_ || stamp == "-") return;
    networks_stamp_ = stamp;
    try {
        networks_ = std::make_unique<geo::Mmdb>(config_.asn_mmdb, "hits.asn_mmdb");
    } catch (const Error& e) {
        glue_log(saring_log_error, (std::string("keeps the network numbers it has: ") + e.what()).c_str());
    }
}

void Scribe::add(hits::Hit& hit, const std::optional<Prefix>& client) {
    hit.instance = instance_;
    if (client) {
        hit.region = located_by_->region(*client);
        if (networks_)
            if (auto found = networks_->find(*client, config_.asn_path); found && found->has_number) hit.asn = found->number;
        switch (config_.client) {
            case config::ClientPrivacy::none: break;
            case config::ClientPrivacy::prefix: hit.client = hits::stored_client(hits::network_of(*client, config_.ipv4_bits, config_.ipv6_bits)); break;
            case config::ClientPrivacy::full: hit.client = hits::stored_client(*client); break;
            case config::ClientPrivacy::keyed:
                if (pseudonym_key_) hit.client = hits::stored_pseudonym(*client, *pseudonym_key_);
                break;
        }
    }
    batch_.add(hit);
}

// Without the key clients are left out; they are never stored in a plainer form.
void Scribe::find_pseudonym_key() {
    pseudonym_key_ = nullptr;
    if (config_.client != config::ClientPrivacy::keyed || !writer_) return;
    try {
        pseudonym_key_ = &pseudonyms_.key(writer_->database(), hits::now_microseconds());
        key_failing_.clear();
    } catch (const Error& e) {
        if (key_failing_ != e.what()) glue_log(saring_log_error, (std::string("hits are recorded without their clients: ") + e.what()).c_str());
        key_failing_ = e.what();
    }
}

std::size_t Scribe::gather() {
    std::vector<HitRecorder*> recorders;
    {
        std::lock_guard lock(mutex_);
        for (const auto& r : recorders_) recorders.push_back(r.get());
    }
    find_pseudonym_key();
    std::size_t n = 0;
    for (auto* r : recorders) {
        n += r->drain([this](hits::Hit& hit, const std::optional<Prefix>& client) { add(hit, client); });
        if (auto counts = r->take_overflow()) {
            n += counts->total();
            batch_.add_counts(*counts);
        }
    }
    std::lock_guard lock(mutex_);
    progress_.waiting = batch_.counts().total();
    progress_.lost = 0;
    for (auto* r : recorders) progress_.lost += r->lost();
    return n;
}

void Scribe::open() {
    if (writer_) return;
    // Without their key pseudonyms cannot be made: those wait in the queues.
    Meanwhile progress([this] { return must_end(); }, [this] { if (config_.client != config::ClientPrivacy::keyed) gather(); });
    writer_ = std::make_unique<hits::HitsWriter>(hits::HitsDatabase::create(config_, progress), config_);
}

// So that they are counted with what is lost.
void Scribe::gather_what_can_be() {
    try {
        gather();
    } catch (...) {  // no memory for that either
    }
}

bool Scribe::must_end() {
    std::lock_guard lock(mutex_);
    return stop_ && std::chrono::steady_clock::now() - stop_asked_ > longest_end;
}

void Scribe::flush(hits::Microseconds now, bool last) {
    if (!last && !progress().failing.empty() && now - tried_ < try_again_every && now >= tried_) return;
    flushed_ = tried_ = now;
    open();
    std::uint64_t recorded = batch_.records(), dropped = batch_.counts().dropped();
    if (batch_.empty()) {
        // Now and then, also when nothing comes: what is too old goes.
        if (now / hits::second_us % 10 == 0) writer_->retire(now);
    } else {
        writer_->commit(batch_, now);
    }
    {
        std::lock_guard lock(mutex_);
        progress_.recorded += recorded;
        progress_.dropped += dropped;
        progress_.waiting = 0;
    }
    say_failing("");
}

}  // namespace saring
