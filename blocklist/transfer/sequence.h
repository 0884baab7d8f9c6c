// The records of a zone transfer, in the order in which the server sends them, and what
// they mean (RFC 5936 section 2.2, RFC 1995 section 4):
//   whole         SOA(new) record... SOA(new)
//   differences   SOA(new) { SOA(a) removed... SOA(b) added... }... SOA(new),
//                 the first a being the serial at hand, each further one the b before it
//   up to date    SOA(at hand)
// A sequence that is anything else is refused.
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
    // SOA records are not handed on. May throw.
    virtual void record(const ldns_rr* rr, bool added) = 0;
};

class TransferSequence {
public:
    enum class Result { up_to_date, whole, differences };

    // `at_hand`: of an incremental request. `server` names it in errors.
    TransferSequence(const OwnerName& zone, std::optional<std::uint32_t> at_hand, TransferSink& sink,
                     std::string server)
        : zone_(zone), at_hand_(at_hand), sink_(sink), server_(std::move(server)) {}

    // Throws Error(network).
    void take(const ldns_rr* rr);
    // At the end of a message; a lone SOA is an answer of its own.
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
    std::optional<std::uint32_t> at_hand_;
    TransferSink& sink_;
    std::string server_;
    State state_ = State::start;
    Result result_ = Result::up_to_date;
    std::uint32_t serial_ = 0;   // the new one
    std::uint32_t reached_ = 0;  // by the differences so far
    std::uint64_t records_ = 0;
};

}  // namespace saring::transfer
