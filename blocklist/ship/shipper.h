// Carries hits from the hits database to a destination, in the order of their sequence.
//
// The destination itself says how far it has come (Destination::begin), each time anew
// after a failure or a start; what the hits database remembers of it (HitsReader::shipped)
// only shortens the question and tells what retention took meanwhile. Hits leave the machine
// only once they are on its disk to stay: a sequence that was seen elsewhere is never given
// to another hit, also after a power failure.
#pragma once

#include <functional>
#include <string>

#include "config/ship_config.h"
#include "fetch/backoff.h"
#include "hits/database.h"
#include "ship/destination.h"
#include "ship/stop_signal.h"

namespace saring::ship {

struct ShipTotals {
    std::uint64_t hits = 0, batches = 0;
    std::uint64_t again = 0;    // of the hits: had arrived once, and were no longer there
    std::uint64_t missing = 0;  // removed by retention or purge before they were shipped
    std::uint64_t last = 0;     // sequence up to which all has arrived
    std::uint64_t failures = 0;
    bool stopped = false;  // by the signal, before all had arrived
};

class Shipper {
public:
    // `tell` is for notices: a gap, a failure that is tried again.
    using Tell = std::function<void(const std::string&)>;
    Shipper(std::shared_ptr<hits::HitsDatabase> db, const config::ShipConfig& config, const std::string& consumer, Destination& destination, StopSignal& stop, Tell tell);

    // Until all that is there has arrived, or with `follow` until the stop signal. Failures
    // are tried again, config.retries times or with `follow` without end.
    // Throws Interruption after the last attempt, Error for what no waiting mends: another
    // database with the same id, a refused password.
    ShipTotals run(bool follow);

private:
    struct Look {  // at the hits database
        std::vector<hits::Hit> batch;
        bool more = false;            // behind the batch
        std::uint64_t reaches = 0;    // all up to here is in the batch, or gone
        std::uint64_t kept_last = 0;  // the last sequence given
    };
    void begin();
    Look look();
    bool step();  // false: nothing is left for now
    void note_gap(std::uint64_t missing, std::uint64_t reaches);
    void recovered();
    bool wait_after(const Interruption& failure, bool follow);  // false: stop

    std::shared_ptr<hits::HitsDatabase> db_;
    const config::ShipConfig config_;
    const std::string consumer_;
    Destination& destination_;
    StopSignal& stop_;
    Tell tell_;
    fetch::Backoff backoff_;
    bool begun_ = false;
    unsigned failures_ = 0;  // in a row
    std::string told_;       // of the failures, the last that was told
    std::uint64_t at_ = 0;       // arrived up to here
    std::uint64_t shipped_ = 0;  // as the hits database remembers
    ShipTotals totals_;
};

}  // namespace saring::ship
