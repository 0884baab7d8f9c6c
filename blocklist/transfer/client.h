// Fetches a zone, or what has changed in it, from a name server over TCP: AXFR
// (RFC 5936), IXFR (RFC 1995), signed with TSIG when a key is given.
#pragma once

#include <optional>
#include <string>

#include "base/progress.h"
#include "transfer/sequence.h"
#include "transfer/tcp_stream.h"
#include "transfer/tsig_key.h"

namespace saring::transfer {

struct TransferRequest {
    std::string host, port = "53";
    OwnerName zone;
    std::optional<std::uint32_t> at_hand;  // asks for what changed since that serial
    bool serial_only = false;              // asks for the zone's SOA record alone
    std::optional<TsigKey> key;
    StreamLimits limits;
    std::uint64_t max_records = 100'000'000;
};

struct TransferOutcome {
    TransferSequence::Result result = TransferSequence::Result::up_to_date;
    std::uint32_t serial = 0;
    std::uint64_t records = 0, bytes = 0;
};

// What the sink received counts only when this returns. Throws Error(network): no
// connection, a refusal, a transfer that breaks off or is no transfer; Error(trust): TSIG.
TransferOutcome transfer_zone(const TransferRequest& request, TransferSink& sink, Progress& progress);

// The serial that the zone has now. Throws as transfer_zone.
std::uint32_t ask_serial(TransferRequest request);

}  // namespace saring::transfer
