// Fetches a zone or its differences from a name server over TCP: AXFR (RFC 5936), IXFR (RFC 1995), signed with TSIG
// (RFC 8945) when a key is given.
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
    std::optional<std::uint32_t> local_serial;  // serial of the local copy; set: request differences (IXFR)
    bool serial_only = false;                   // request only the zone's SOA record
    std::optional<TsigKey> key;
    StreamLimits limits;
    std::uint64_t max_records = 100'000'000;
};

struct TransferOutcome {
    TransferSequence::Result result = TransferSequence::Result::up_to_date;
    std::uint32_t serial = 0;
    std::uint64_t records = 0, bytes = 0;
};

// The sink's records are valid only when this returns. Throws Error(network): no connection, a refusal, an incomplete
// or invalid transfer; Error(trust): TSIG.
TransferOutcome transfer_zone(const TransferRequest& request, TransferSink& sink, Progress& progress);

// The zone's current serial. Throws as transfer_zone.
std::uint32_t ask_serial(TransferRequest request);

}  // namespace saring::transfer
