// The messages of one zone transfer, whatever carries them: what is asked, and whether what
// comes back answers it. transfer_zone() runs one over TCP.
#pragma once

#include "transfer/client.h"
#include "transfer/tsig.h"

namespace saring::transfer {

class TransferSession {
public:
    // Both outlive it.
    TransferSession(const TransferRequest& request, TransferSink& sink);

    // The request, signed when there is a key. Once.
    Bytes query();
    // One message of the answer. Throws Error(network), and Error(trust) for TSIG; what the
    // sink throws passes.
    void take(ByteView message);
    bool done() const { return sequence_.done(); }
    std::uint64_t records() const { return sequence_.records(); }
    // After the last message; the outcome's bytes are the carrier's to count. Throws Error(trust).
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
