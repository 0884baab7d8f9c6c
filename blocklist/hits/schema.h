// The key-space of the hits environment. The prose twin is hits/FORMAT.md; a change here
// changes it, and raises hits_schema_version.
//
//   database       key                                          value
//   blocks         first sequence, big-endian u64               a block of hits (block.h)
//   index          kind u8, value (index_kind)                  first sequence of each block that holds it (DUPFIXED)
//   order_numbers  order id                                     its number here, big-endian u32
//   order_ids      number, big-endian u32                       order id
//   order_hours    hour u24, order number u32, action u8, region   count u64
//   name_hours     hour u24, order number u32, matched          count u64
//   order_totals   order number u32, action u8                  count u64, ever
//   dropped_hours  hour u24                                     count u64 of hits counted but not recorded
//   instances      instance name                                InstanceTotals
//   consumers      consumer name                                sequence u64 up to which it has all
//   meta           "schema" u32, "id" 8 octets, "next_sequence" u64, "kept" u64, "expired" u64, "purged" u64
//
// Keys of hours are big-endian and three octets, so that the longest name fits LMDB's 511.
// `matched`: the lookup key of a listed name; or an octet 0 and the stored form of a listed
// prefix; or nothing, for hits whose name could not be kept. Values' integers are little-endian.
#pragma once

#include "hits/reader_types.h"
#include "ledger/lmdb.h"

namespace saring::hits {

constexpr std::uint32_t hits_schema_version = 1;

struct HitsTables {
    MDB_dbi blocks, index, order_numbers, order_ids, order_hours, name_hours, order_totals, dropped_hours, instances, consumers, meta;
};

// First octet of an index key. Persisted; do not renumber.
namespace index_kind {
constexpr char hour = 'h';    // hour u24
constexpr char order = 'o';   // id
constexpr char name = 'n';    // lookup key of the listed name; of the qname too where that did not match itself
constexpr char client = 'c';  // stored form
constexpr char region = 'r';  // code
}  // namespace index_kind

namespace hits_meta {
constexpr ByteView schema = "schema", id = "id", next_sequence = "next_sequence", kept = "kept", expired = "expired", purged = "purged";
}

// Throw lmdb::Failure: absent, corrupt or of another schema, naming both versions.
HitsTables open_hits_tables(const ledger::lmdb::Transaction& txn);
HitsTables create_hits_tables(ledger::lmdb::WriteTxn& txn);

Bytes hour_key(Hour hour);
Hour hour_of_key(ByteView key);  // of its first three octets

std::uint64_t read_count(const ledger::lmdb::Transaction& txn, MDB_dbi db, ByteView key);  // 0 when absent
Bytes encode_count(std::uint64_t n);
void add_count(ledger::lmdb::WriteTxn& txn, MDB_dbi db, ByteView key, std::uint64_t n);

Bytes encode(const InstanceTotals& t);  // without its name
InstanceTotals decode_instance_totals(ByteView name, ByteView value);

}  // namespace saring::hits
