#include "ship/shipper.h"

#include <algorithm>

#include "hits/state.h"

namespace saring::ship {

using namespace std::chrono;

Shipper::Shipper(std::shared_ptr<hits::HitLog> log, const config::ShipConfig& config, const std::string& consumer,
                 Destination& destination, StopSignal& stop, Notify notify, std::optional<hits::Position> after)
    : log_(std::move(log)),
      config_(config),
      consumer_(consumer),
      destination_(destination),
      stop_(stop),
      notify_(std::move(notify)),
      after_(std::move(after)) {}

void Shipper::begin() {
    shipped_ = hits::shipped(log_->folder(), consumer_);
    at_.clear();
    destination_.begin(hits::log_id(log_->folder()));
    begun_ = true;
}

void Shipper::ship_all() {
    hits::HitsReader reader(log_);
    if (auto damage = reader.damage(); !damage.empty() && totals_.batches == 0)
        notify_(damage.front().file + ": " + damage.front().message().english());
    for (const auto& run : reader.runs()) ship_run(reader, run);
    totals_.last = 0;
    for (const auto& run : reader.runs()) totals_.last += at_[run.id];
}

void Shipper::ship_run(const hits::HitsReader& reader, const hits::Run& run) {
    if (at_.find(run.id) == at_.end()) {
        auto known = shipped_[run.id];
        auto at = after_ ? (*after_)[run.id] : destination_.arrived(hitlog::run_text(run.id), known);
        if (at > run.last_sequence)
            throw Error(ErrorKind::refused, msg("hits ship"),
                        msg("the destination has hits up to sequence %1 of run %2, which itself ends at %3", at,
                            hitlog::run_text(run.id), run.last_sequence),
                        msg("an older copy was restored: move hits.path away, so that a new log begins"));
        at_[run.id] = at;
    }
    auto& at = at_[run.id];
    if (at >= run.last_sequence) return;
    reader.flush_run(run.id);
    while (send_batch(reader, run, at))
        if (stop_.requested()) throw Stopped();
}

bool Shipper::send_batch(const hits::HitsReader& reader, const hits::Run& run, std::uint64_t& at) {
    std::vector<hitlog::Hit> batch;
    bool more = false;
    reader.each_of_run(run.id, at, [&](const hitlog::RecordColumns& columns) {
        for (std::size_t row = 0; row < columns.size() && !more; ++row) {
            if (columns.sequence[row] <= at) continue;
            auto hit = columns.hit(row);
            more = !batch.empty() && (batch.size() >= config_.batch || !destination_.together(batch.front(), hit));
            if (!more) batch.push_back(std::move(hit));
        }
        return !more;
    });
    std::uint64_t known = shipped_[run.id], missing = 0, again = 0, before = at,
                  reaches = more ? batch.back().sequence : run.last_sequence;
    auto pass = [&](std::uint64_t next) {  // counts the missing sequences before `next`, except those already shipped
        auto from = std::max(before, known);
        if (next > from + 1) missing += next - from - 1;
        before = next;
    };
    for (const auto& hit : batch) {
        pass(hit.sequence);
        again += hit.sequence <= known;
    }
    if (!more) pass(reaches + 1);
    auto id = hitlog::run_text(run.id);
    if (again > 0 && totals_.again == 0)
        notify_("the destination no longer has hits that had arrived, after sequence " + std::to_string(at) +
                " of run " + id + ": they are sent again");
    if (!batch.empty()) {
        destination_.send(id, batch);
        ++totals_.batches;
        totals_.hits += batch.size();
        totals_.again += again;
    }
    note_gap(missing, std::min(missing, reader.lost_between(run.id, std::max(known, at), reaches + 1)), id, reaches);
    at = reaches;
    if (at > known) {
        shipped_[run.id] = at;
        note_shipped(reader);
    }
    return more;
}

// No more hits can come from runs that are gone.
void Shipper::note_shipped(const hits::HitsReader& reader) {
    hits::Position kept;
    for (const auto& run : reader.runs())
        if (auto n = shipped_[run.id]) kept[run.id] = n;
    hits::set_shipped(log_->folder(), consumer_, kept);
}

void Shipper::note_gap(std::uint64_t missing, std::uint64_t damaged, const std::string& run, std::uint64_t reaches) {
    totals_.missing += missing;
    totals_.damaged += damaged;
    auto notify = [&](std::uint64_t n, const std::string& what) {
        if (n) notify_(std::to_string(n) + " hits up to sequence " + std::to_string(reaches) + " of run " + run + what);
    };
    notify(missing - damaged, " were removed by retention or purge before they were shipped");
    notify(damaged, " are damaged or missing in the hit log, see blocklist-tool hits summary");
}

void Shipper::recovered() {
    if (failures_ > 0)
        notify_("goes on after " + std::to_string(failures_) + (failures_ == 1 ? " failure" : " failures"));
    failures_ = 0;
    reported_.clear();
}

bool Shipper::wait_after(const TemporaryFailure& failure, bool follow) {
    begun_ = false;
    ++failures_;
    ++totals_.failures;
    if (!follow && failures_ > config_.retries) throw failure;
    if (reported_ != failure.what()) notify_(std::string(failure.what()) + "; trying again");
    reported_ = failure.what();
    return !stop_.wait(backoff_.wait(failures_));
}

ShipTotals Shipper::run(bool follow) {
    try {
        for (;;) {
            if (stop_.requested()) throw Stopped();
            try {
                if (!begun_) begin();
                ship_all();
                recovered();
                if (!follow) return totals_;
                if (stop_.wait(seconds(config_.interval_seconds))) throw Stopped();
            } catch (const TemporaryFailure& failure) {
                if (!wait_after(failure, follow)) throw Stopped();
            }
        }
    } catch (const Stopped&) {
        totals_.stopped = true;
        return totals_;
    }
}

}  // namespace saring::ship
