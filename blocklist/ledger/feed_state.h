// What is remembered of a feed between two synchronisations. The serial and the digest
// are what makes a replay of an older feed, or a second feed of the same serial, visible.
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
    std::uint64_t serial = 0;                     // of the last good content; 0: none yet
    UnixTime generated = 0;                       // as the content says; 0: it does not
    UnixTime valid_until = 0;                     // likewise
    std::string digest;                           // SHA-256 of the last good manifest or list
    std::string etag, last_modified;              // for asking whether it changed
    UnixTime last_attempt = 0, last_success = 0;  // 0: never
    UnixTime last_failure = 0;
    std::string failure;            // why the last failure was one; stays until a success
    std::uint8_t failure_code = 0;  // the exit code that belongs to it
    std::uint32_t failures = 0;     // since the last success
    std::uint32_t orders = 0;       // that the last good content lists
    std::uint32_t withheld = 0;     // of these, refused here
    Bytes own;                      // what only this kind of feed understands
};

Bytes encode(const FeedState& s);
FeedState decode_feed_state(ByteView value);

std::optional<FeedState> read_feed_state(const lmdb::Transaction& txn, const Tables& tables, const std::string& name);
std::optional<Bytes> read_manifest(const lmdb::Transaction& txn, const Tables& tables, const std::string& name);
// By name.
std::vector<std::pair<std::string, FeedState>> read_feed_states(const lmdb::Transaction& txn, const Tables& tables);

}  // namespace saring::ledger
