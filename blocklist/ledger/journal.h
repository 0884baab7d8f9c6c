// The journal: one record a commit. Each record has the hash of the previous one, so that an altered or removed record
// is detected.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "ledger/schema.h"

namespace saring::ledger {

struct JournalRecord {
    std::uint64_t serial = 0;
    UnixTime time = 0;
    std::string operator_name;        // who ran the command
    std::string command;              // "order apply", "list import", ...
    std::string detail;               // the operator's reason, a file name, ...
    std::vector<std::string> orders;  // ids of the orders that the commit changed
    std::uint64_t names_added = 0, names_removed = 0;
    std::uint64_t addresses_added = 0, addresses_removed = 0;
    std::string hash;  // BLAKE2b-256 over the previous hash and this record
};

// Appends the record and sets `record.hash`. Serials must rise by one.
void append_journal(lmdb::WriteTxn& txn, const Tables& tables, JournalRecord& record);

// Whether the record's hash follows from `previous_hash` (empty for the first record) and its content.
bool follows(ByteView previous_hash, const JournalRecord& record);

std::optional<JournalRecord> read_journal(const lmdb::Transaction& txn, const Tables& tables, std::uint64_t serial);
std::optional<JournalRecord> last_journal(const lmdb::Transaction& txn, const Tables& tables);
void each_journal(const lmdb::Transaction& txn, const Tables& tables,
                  const std::function<void(const JournalRecord&)>& visit);
// Newest first, until `visit` returns false.
void each_journal_newest_first(const lmdb::Transaction& txn, const Tables& tables,
                               const std::function<bool(const JournalRecord&)>& visit);

// The serial of the first record whose hash does not follow from its predecessor; nothing if the chain is intact.
std::optional<std::uint64_t> first_broken_journal(const lmdb::Transaction& txn, const Tables& tables);

}  // namespace saring::ledger
