// A worker's end of hit recording: what it knows of a hit goes into its queue in a
// fraction of a microsecond. The client's address is in it whole, as the region and the
// configured form are made from it by the writing thread; it goes no further than that.
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
    const Prefix* client;  // whole address; null: not known
    hitlog::Transport transport;
    ByteView qname;  // wire format, in any case of letters
    std::uint16_t qtype;
    policy::Trigger trigger;
    policy::Action action;
    ByteView matched;  // HitCounts::Key's. Trigger qname, and not the end of it: an alias of Unbound's own led there
    ByteView order;    // id
    std::uint64_t serial;
};

class HitRecorder {
public:
    explicit HitRecorder(std::size_t queue_size) : queue_(queue_size) {}

    // The worker's. False: the queue is full, and the hit is to be counted instead.
    bool record(const HitEvent& hit);
    void count(const HitEvent& hit, ByteView region);

    // The writing thread's: each hit but for sequence, client, region and asn, with the client's whole address. The
    // record's views hold for the visit.
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
