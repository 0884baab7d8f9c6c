// The key-space of the blocklist environment. ledger/FORMAT.md describes the same in prose; a change needs both, and a
// new schema_version with a migration.
//
//   database     key                                   value
//   names        lookup key of the owner name          entries: (order index u32, match u8)*
//   addresses    family u8, address 4|16, length u8    entries, match always 0
//   orders       order index, big-endian u32           OrderRecord (records.h)
//   order_ids    order id                              order index, big-endian u32
//   documents    order index, big-endian u32           document and signatures as received
//   texts        order index, big-endian u32           OrderTexts: reason, contacts, legal basis
//   lifts        order id, 0, lookup key or nothing    order index of the order that lifts it; byte 1 after the lookup
//                                                      key: the name and every name below it
//   quarantine   order index u32, kind u8, target key  HeldRecord (quarantine.h), a target that a safety rule held
//   journal      commit serial, big-endian u64         JournalRecord, hash-chained (journal.h)
//   changes      commit serial, big-endian u64         Changes (changes.h) of the commit
//   feeds        feed name                             FeedState (feed_state.h)
//   manifests    feed name                             the feed's last accepted manifest as received
//   meta         "schema" u32, "serial" u64, "created" i64, "id" 16 random bytes, "next_order" u32
//
// Order indexes are never reused: "next_order", which exists once a rollback has removed an order, is the lowest index
// that may be assigned. All integers in values are little-endian.
#pragma once

#include <array>
#include <vector>

#include "ledger/lmdb.h"

namespace saring::ledger {

constexpr std::uint32_t schema_version = 1;

struct Tables {
    MDB_dbi names, addresses, orders, order_ids, documents, texts, lifts, quarantine, journal, changes, feeds,
        manifests, meta;
};

std::vector<MDB_dbi> all_of(const Tables& tables);

namespace meta_key {
constexpr ByteView schema = "schema", serial = "serial", created = "created", id = "id", next_order = "next_order";
}

// Throws lmdb::Failure: absent for an empty environment, schema for another version, naming both versions.
Tables open_tables(const lmdb::Transaction& txn);
Tables create_tables(lmdb::WriteTxn& txn);

// Identifies a ledger: created with it, and taken over by a new ledger that is restored from its backup. For a ledger
// older than ids it is derived from the time of creation.
using LedgerId = std::array<std::uint8_t, 16>;
LedgerId read_ledger_id(const lmdb::Transaction& txn, const Tables& tables);

std::uint64_t read_serial(const lmdb::Transaction& txn, const Tables& tables);

}  // namespace saring::ledger
