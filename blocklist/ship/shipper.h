// Ships hits from the hit log to a destination: run by run, each in the order of its sequences.
//
// The destination reports how far it has got with a run (Destination::arrived), after each start and each failure. The
// position stored in the log (hits/state.h) only shortens that query and shows what retention removed meanwhile. Hits
// are sent only when they are on disk on this machine.
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
    std::uint64_t again = 0;    // of the hits: sent again because the destination had lost them
    std::uint64_t missing = 0;  // no longer there before they were shipped
    std::uint64_t damaged = 0;  // of the missing: neither retention nor a purge removed them
    std::uint64_t last = 0;     // sum over all runs of the sequence up to which everything has arrived
    std::uint64_t failures = 0;
    bool stopped = false;  // by the signal, before everything had arrived
};

class Shipper {
public:
    // `notify` receives notices: gaps, and failures that are retried. `after`: begin at this position, whatever was
    // shipped before; runs that it does not name begin at their first hit.
    using Notify = std::function<void(const std::string&)>;
    Shipper(std::shared_ptr<hits::HitLog> log, const config::ShipConfig& config, const std::string& consumer,
            Destination& destination, StopSignal& stop, Notify notify,
            std::optional<hits::Position> after = std::nullopt);

    // Runs until all hits have arrived, or with `follow` until the stop signal. Retries failures config.retries times,
    // with `follow` without limit. Throws TemporaryFailure after the last attempt, Error for permanent failures: an
    // older copy of the log, damage, a refused password.
    ShipTotals run(bool follow);

private:
    void begin();
    void ship_all();  // hits in the log now
    void ship_run(const hits::HitsReader& reader, const hits::Run& run);
    bool send_batch(const hits::HitsReader& reader, const hits::Run& run, std::uint64_t& at);  // false: nothing is left
    void note_shipped(const hits::HitsReader& reader);
    void note_gap(std::uint64_t missing, std::uint64_t damaged, const std::string& run, std::uint64_t reaches);
    void recovered();
    bool wait_after(const TemporaryFailure& failure, bool follow);  // false: stop

    std::shared_ptr<hits::HitLog> log_;
    const config::ShipConfig config_;
    const std::string consumer_;
    Destination& destination_;
    StopSignal& stop_;
    Notify notify_;
    fetch::Backoff backoff_;
    bool begun_ = false;
    unsigned failures_ = 0;  // consecutive
    std::string reported_;   // the last failure reported, to report each only once
    std::optional<hits::Position> after_;
    hits::Position at_;       // up to here hits have arrived, for runs already queried
    hits::Position shipped_;  // as stored in the log
    ShipTotals totals_;
};

}  // namespace saring::ship
