// A worker's side of hit recording: puts a hit into the worker's queue, in a fraction of a microsecond. The queue holds
// the client's whole address; the writing thread makes region and configured form of it, and stores no more than that.
#pragma once

#include <functional>
#include <optional>

#include "hitlog/records.h"
#include "policy/decide.h"
#include "recording/overflow.h"
#include "recording/queue.h"

namespace saring {

struct HitEvent {
    hitlog::Microseconds time;
    const Prefix* client;  // whole address; null: unknown
    hitlog::Transport transport;
    ByteView qname;  // wire format, in any case of letters
    std::uint16_t qtype;
    policy::Trigger trigger;
    policy::Action action;
    ByteView
        matched;  // HitCounts::Key's. With trigger qname it may be no suffix: a local alias of Unbound's was followed
    ByteView order;  // id
    std::uint64_t serial;
};

class HitRecorder {
public:
    explicit HitRecorder(std::size_t queue_size) : queue_(queue_size) {}

    // Called by the worker. False: the queue is full; call count() for the hit.
    bool record(const HitEvent& hit);
    void count(const HitEvent& hit, ByteView region);

    // Called by the writing thread. Visits each hit, without sequence, client, region and asn, and the client's whole
    // address. The record's views are valid during the visit.
    std::size_t drain(const std::function<void(hitlog::Record& record, const std::optional<Prefix>& client)>& visit);
    std::unique_ptr<hitlog::HitCounts> take_overflow() { return overflow_.take(); }
    std::uint64_t lost() const { return overflow_.lost(); }

private:
    HitQueue queue_;
    OverflowCounts overflow_;
    // Of the entry before: most hits are of the order of the hit before.
    std::uint64_t serial_ = 0, drained_serial_ = 0;  // the worker's, the writing thread's
    Bytes order_, drained_order_;                    // likewise
};

}  // namespace saring
