#include "ship/shipper.h"

#include <algorithm>

#include "hits/maintenance.h"
#include "hits/reader.h"

namespace saring::ship {

using namespace std::chrono;

Shipper::Shipper(std::shared_ptr<hits::HitsDatabase> db, const config::ShipConfig& config, const std::string& consumer, Destination& destination, StopSignal& stop, Tell tell)
    : db_(std::move(db)), config_(config), consumer_(consumer), destination_(destination), stop_(stop), tell_(std::move(tell)) {}

void Shipper::begin() {
    auto id = hits::HitsReader(db_).summary().id;
    shipped_ = hits::HitsReader(db_).shipped(consumer_);
    at_ = destination_.begin(id, shipped_);
    if (auto last = hits::HitsReader(db_).summary().last_sequence; at_ > last)
        throw Error(ErrorKind::refused, msg("hits ship"), msg("the destination has hits up to sequence %1 of database %2, which itself ends at %3", at_, id, last),
                    msg("an older copy was put back: move hits.path aside, so that a database with an id of its own is made"));
    totals_.last = at_;
    begun_ = true;
}

Shipper::Look Shipper::look() {
    if (!db_->is_in_place())
        throw Error(ErrorKind::database, db_->environment().directory(), msg("another hits database stands there now"), msg("start hits ship again"));
    Look out;
    hits::HitsReader reader(db_);
    db_->environment().flush();  // all that the reader sees
    out.kept_last = reader.summary().last_sequence;
    hits::HitFilter filter;
    filter.after = at_;
    reader.each(filter, hits::HitsReader::Direction::oldest_first, [&](const hits::Hit& hit) {
        out.more = !out.batch.empty() && (out.batch.size() >= config_.batch || !destination_.together(out.batch.front(), hit));
        if (!out.more) out.batch.push_back(hit);
        return !out.more;
    });
    out.reaches = out.more ? out.batch.back().sequence : out.kept_last;
    return out;
}

void Shipper::note_gap(std::uint64_t missing, std::uint64_t reaches) {
    if (missing == 0) return;
    totals_.missing += missing;
    tell_(std::to_string(missing) + " hits up to sequence " + std::to_string(reaches) + " were removed by retention or purge before they were shipped");
}

bool Shipper::step() {
    Look l = look();
    std::uint64_t missing = 0, again = 0, before = at_;
    auto pass = [&](std::uint64_t next) {  // what lies between two sequences is not there; below shipped_ it had been
        auto known = std::max(before, shipped_);
        if (next > known + 1) missing += next - known - 1;
        before = next;
    };
    for (const auto& hit : l.batch) {
        pass(hit.sequence);
        again += hit.sequence <= shipped_;
    }
    if (!l.more) pass(l.reaches + 1);
    if (again > 0 && totals_.again == 0)
        tell_("the destination no longer has hits that had arrived, after sequence " + std::to_string(at_) + ": they are sent again");
    if (!l.batch.empty()) {
        destination_.send(l.batch);
        ++totals_.batches;
        totals_.hits += l.batch.size();
        totals_.again += again;
    }
    note_gap(missing, l.reaches);
    at_ = totals_.last = l.reaches;
    if (at_ > shipped_) {
        set_shipped(*db_, consumer_, at_);
        shipped_ = at_;
    }
    return l.more;
}

void Shipper::recovered() {
    if (failures_ > 0) tell_("goes on after " + std::to_string(failures_) + (failures_ == 1 ? " failure" : " failures"));
    failures_ = 0;
    told_.clear();
}

bool Shipper::wait_after(const Interruption& failure, bool follow) {
    begun_ = false;
    ++failures_;
    ++totals_.failures;
    if (!follow && failures_ > config_.retries) throw failure;
    if (told_ != failure.what()) tell_(std::string(failure.what()) + "; trying again");
    told_ = failure.what();
    return !stop_.wait(backoff_.wait(failures_));
}

ShipTotals Shipper::run(bool follow) {
    try {
        for (;;) {
            if (stop_.requested()) throw Stopped();
            try {
                if (!begun_) begin();
                bool more = step();
                recovered();
                if (more) continue;
                if (!follow) return totals_;
                if (stop_.wait(seconds(config_.interval_seconds))) throw Stopped();
            } catch (const Interruption& failure) {
                if (!wait_after(failure, follow)) throw Stopped();
            }
        }
    } catch (const Stopped&) {
        totals_.stopped = true;
        return totals_;
    }
}

}  // namespace saring::ship
