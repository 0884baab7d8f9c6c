#include "transfer/sequence.h"

#include "base/error.h"
#include "rpz/record.h"
#include "transfer/zone_serial.h"

namespace saring::transfer {

void TransferSequence::fail(const Message& why) const {
    throw Error(ErrorKind::network, server_, msg("sent a broken transfer of %1: %2", zone_.to_string(), why),
                msg("ask the server's operator; the last good state is kept"));
}

void TransferSequence::hand_on(const ldns_rr* rr, bool added) {
    ++records_;
    sink_.record(rr, added);
}

void TransferSequence::take(const ldns_rr* rr) {
    if (state_ == State::done) fail(msg("records after its end"));
    if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_SOA) {
        OwnerName owner;
        if (!rpz::owner_name_of(ldns_rr_owner(rr), owner) || owner != zone_)
            fail(msg("an SOA record of another zone, %1", owner.to_string()));
        if (ldns_rr_rd_count(rr) < 7) fail(msg("an SOA record without a serial"));
        return take_soa(ldns_rdf2native_int32(ldns_rr_rdf(rr, 2)));
    }
    switch (state_) {
        case State::start: fail(msg("it does not begin with the zone's SOA"));
        case State::second:
            state_ = State::whole;
            result_ = Result::whole;
            sink_.begin_whole();
            [[fallthrough]];
        case State::whole: return hand_on(rr, true);
        case State::removed: return hand_on(rr, false);
        case State::added: return hand_on(rr, true);
        case State::done: return;
    }
}

void TransferSequence::take_soa(std::uint32_t serial) {
    switch (state_) {
        case State::start:
            serial_ = serial;
            state_ = State::second;
            return;
        case State::second:
            if (local_serial_ && serial == *local_serial_ && serial != serial_) {
                state_ = State::removed;
                result_ = Result::differences;
                reached_ = serial;
                sink_.begin_differences();
                return;
            }
            if (serial != serial_) fail(msg("it begins with serial %1 and goes on with %2", serial_, serial));
            result_ = Result::whole;  // of an empty zone
            sink_.begin_whole();
            state_ = State::done;
            return;
        case State::whole:
            if (serial != serial_)
                fail(msg("it begins with serial %1 and ends with %2: the zone changed meanwhile", serial_, serial));
            state_ = State::done;
            return;
        case State::removed:
            if (!serial_newer(serial, reached_))
                fail(msg("differences lead from serial %1 back to %2", reached_, serial));
            reached_ = serial;
            state_ = State::added;
            return;
        case State::added:
            if (serial != reached_) fail(msg("differences reach serial %1 and go on from %2", reached_, serial));
            state_ = reached_ == serial_ ? State::done : State::removed;
            return;
        case State::done: return;
    }
}

void TransferSequence::end_of_message() {
    if (state_ != State::second) return;
    // An IXFR response with a single SOA: there is nothing newer, or the zone follows in the next message.
    if (!local_serial_ || serial_newer(serial_, *local_serial_)) return;
    result_ = Result::up_to_date;
    state_ = State::done;
}

}  // namespace saring::transfer
