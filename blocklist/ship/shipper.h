// Carries hits from the hit log to a destination: run after run, each in the order of its sequence.
//
// The destination itself says how far it has come with a run (Destination::arrived), each time anew after a failure
// or a start; what the log remembers of it (hits/state.h) only shortens the question and tells what retention took
// meanwhile. Hits leave the machine only once they are on its disk to stay.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/ship_config.h"
#include "fetch/backoff.h"
#include "hits/reader.h"
#include "ship/destination.h"
#include "ship/stop_signal.h"

namespace saring::ship {

struct ShipTotals {
    std::uint64_t hits = 0, batches = 0;
    std::uint64_t again = 0;    // of the hits: had arrived once, and were no longer there
    std::uint64_t missing = 0;  // removed by retention or purge before they were shipped
    std::uint64_t last = 0;     // sequences up to which all has arrived, added up over the runs that are there
    std::uint64_t failures = 0;
    bool stopped = false;  // by the signal, before all had arrived
};

class Shipper {
public:
    // `tell` is for notices: a gap, a failure that is tried again. `after`: begin there, whatever was shipped before;
    // what it does not name from the beginning.
    using Tell = std::function<void(const std::string&)>;
    Shipper(std::shared_ptr<hits::HitLog> log, const config::ShipConfig& config, const std::string& consumer,
            Destination& destination, StopSignal& stop, Tell tell, std::optional<hits::Position> after = std::nullopt);

    // Until all that is there has arrived, or with `follow` until the stop signal. Failures
    // are tried again, config.retries times or with `follow` without end.
    // Throws Interruption after the last attempt, Error for what no waiting mends: an older copy of the log, damage, a
    // refused password.
    ShipTotals run(bool follow);

private:
    void begin();
    void ship_all();  // that is there
    void ship_run(const hits::HitsReader& reader, const hits::Run& run);
    bool send_batch(const hits::HitsReader& reader, const hits::Run& run, std::uint64_t& at);  // false: nothing is left
    void note_shipped(const hits::HitsReader& reader);
    void note_gap(std::uint64_t missing, const std::string& run, std::uint64_t reaches);
    void recovered();
    bool wait_after(const Interruption& failure, bool follow);  // false: stop

    std::shared_ptr<hits::HitLog> log_;
    const config::ShipConfig config_;
    const std::string consumer_;
    Destination& destination_;
    StopSignal& stop_;
    Tell tell_;
    fetch::Backoff backoff_;
    bool begun_ = false;
    unsigned failures_ = 0;  // in a row
    std::string told_;       // of the failures, the last that was told
    std::optional<hits::Position> after_;
    hits::Position at_;       // arrived up to here, of runs that the destination was asked about
    hits::Position shipped_;  // as the log remembers
    ShipTotals totals_;
};

}  // namespace saring::ship
