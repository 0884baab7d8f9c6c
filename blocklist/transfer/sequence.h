// Interprets the records of a zone transfer in the order of the messages (RFC 5936 section 2.2, RFC 1995 section 4):
//   whole         SOA(new) record... SOA(new)
//   differences   SOA(new) { SOA(a) removed... SOA(b) added... }... SOA(new),
//                 the first a is the serial at hand, each further a is the preceding b
//   up to date    SOA(at hand)
// Any other sequence is refused.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/message.h"
#include "dns/ldns.h"
#include "name/owner_name.h"

namespace saring::transfer {

class TransferSink {
public:
    virtual ~TransferSink() = default;
    virtual void begin_whole() = 0;
    virtual void begin_differences() = 0;
    // Not called for SOA records. May throw.
    virtual void record(const ldns_rr* rr, bool added) = 0;
};

class TransferSequence {
public:
    enum class Result { up_to_date, whole, differences };

    // `local_serial`: the serial in an IXFR request. `server` is for error messages.
    TransferSequence(const OwnerName& zone, std::optional<std::uint32_t> local_serial, TransferSink& sink,
                     std::string server)
        : zone_(zone), local_serial_(local_serial), sink_(sink), server_(std::move(server)) {}

    // Throws Error(network).
    void take(const ldns_rr* rr);
    // Call after each message: a message with a single SOA is a complete response.
    void end_of_message();
    bool done() const { return state_ == State::done; }
    Result result() const { return result_; }
    std::uint32_t serial() const { return serial_; }
    std::uint64_t records() const { return records_; }

private:
    enum class State { start, second, whole, removed, added, done };
    void take_soa(std::uint32_t serial);
    void hand_on(const ldns_rr* rr, bool added);
    [[noreturn]] void fail(const Message& why) const;

    OwnerName zone_;
    std::optional<std::uint32_t> local_serial_;
    TransferSink& sink_;
    std::string server_;
    State state_ = State::start;
    Result result_ = Result::up_to_date;
    std::uint32_t serial_ = 0;   // the zone's new serial
    std::uint32_t reached_ = 0;  // the serial after the differences so far
    std::uint64_t records_ = 0;
};

}  // namespace saring::transfer
