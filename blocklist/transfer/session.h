// The messages of one zone transfer, independent of the transport: makes the request and checks the responses.
// transfer_zone() runs one over TCP.
#pragma once

#include "transfer/client.h"
#include "transfer/tsig.h"

namespace saring::transfer {

class TransferSession {
public:
    // Both must outlive the session.
    TransferSession(const TransferRequest& request, TransferSink& sink);

    // The request, signed if there is a key. Call once.
    Bytes query();
    // One message of the response. Throws Error(network), Error(trust) for TSIG, and whatever the sink throws.
    void take(ByteView message);
    bool done() const { return sequence_.done(); }
    std::uint64_t records() const { return sequence_.records(); }
    // Call after the last message. The caller sets the outcome's bytes. Throws Error(trust).
    TransferOutcome finish() const;

private:
    [[noreturn]] void fail(const Message& why, const Message& remedy) const;

    const TransferRequest& request_;
    std::string server_;
    TransferSequence sequence_;
    std::optional<TsigSession> tsig_;
    std::uint16_t id_ = 0;
};

}  // namespace saring::transfer
