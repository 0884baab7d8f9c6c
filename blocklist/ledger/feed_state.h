// The state of a feed between two synchronisations. Serial and digest detect the replay of an older feed, or a second
// feed with the same serial.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "ledger/schema.h"

namespace saring::ledger {

struct FeedState {
    std::string url;                              // of the last attempt
    std::uint64_t serial = 0;                     // of the last accepted content; 0: none yet
    UnixTime generated = 0;                       // as stated in the content; 0: not stated
    UnixTime valid_until = 0;                     // the same
    std::string digest;                           // SHA-256 of the last accepted manifest or list
    std::string etag, last_modified;              // for conditional requests
    UnixTime last_attempt = 0, last_success = 0;  // 0: never
    UnixTime last_failure = 0;
    std::string failure;            // reason of the last failure; kept until a success
    std::uint8_t failure_code = 0;  // its exit code
    std::uint32_t failures = 0;     // since the last success
    std::uint32_t orders = 0;       // in the last accepted content
    std::uint32_t withheld = 0;     // of these, refused here
    Bytes own;                      // data specific to the kind of feed
};

Bytes encode(const FeedState& s);
FeedState decode_feed_state(ByteView value);

std::optional<FeedState> read_feed_state(const lmdb::Transaction& txn, const Tables& tables, const std::string& name);
std::optional<Bytes> read_manifest(const lmdb::Transaction& txn, const Tables& tables, const std::string& name);
// By name.
std::vector<std::pair<std::string, FeedState>> read_feed_states(const lmdb::Transaction& txn, const Tables& tables);

}  // namespace saring::ledger
