#include "hits/schema.h"

#include <sodium.h>

namespace saring::hits {
namespace {

struct Named {
    const char* name;
    MDB_dbi HitsTables::*handle;
    unsigned flags = 0;
};
constexpr Named all[] = {
    {"blocks", &HitsTables::blocks},
    {"index", &HitsTables::index, MDB_DUPSORT | MDB_DUPFIXED},
    {"order_numbers", &HitsTables::order_numbers},
    {"order_ids", &HitsTables::order_ids},
    {"order_hours", &HitsTables::order_hours},
    {"name_hours", &HitsTables::name_hours},
    {"order_totals", &HitsTables::order_totals},
    {"dropped_hours", &HitsTables::dropped_hours},
    {"instances", &HitsTables::instances},
    {"consumers", &HitsTables::consumers},
    {"meta", &HitsTables::meta},
};

constexpr const char* remedy = marked("move the folder hits.path aside: a new one is made, and hits are recorded on");

template <typename T>
Bytes encoded(T v) {
    ByteWriter w;
    w.integer(v);
    return w.take();
}

}  // namespace

HitsTables open_hits_tables(const ledger::lmdb::Transaction& txn) {
    auto meta = txn.open_db("meta");
    if (!meta) throw ledger::lmdb::Failure(ledger::lmdb::Fault::absent, msg("hits database"), msg("is empty"), msg("no resolver has recorded into it yet"));
    auto version = txn.get(*meta, hits_meta::schema);
    if (!version) throw ledger::lmdb::Failure(ledger::lmdb::Fault::corrupt, msg("hits database"), msg("has no schema version"), msg(remedy));
    auto found = ByteReader(*version, "schema version").integer<std::uint32_t>();
    if (found != hits_schema_version)
        throw ledger::lmdb::Failure(ledger::lmdb::Fault::schema, msg("hits database"),
                            msg("has schema %1, this program reads schema %2", found, hits_schema_version),
                            found > hits_schema_version ? msg("install the Saring that wrote it") : msg(remedy));
    HitsTables t{};
    for (const auto& n : all) {
        auto db = txn.open_db(n.name, false, n.flags);
        if (!db) throw ledger::lmdb::Failure(ledger::lmdb::Fault::corrupt, msg("hits database"), msg("lacks its table %1", n.name), msg(remedy));
        t.*n.handle = *db;
    }
    return t;
}

HitsTables create_hits_tables(ledger::lmdb::WriteTxn& txn) {
    HitsTables t{};
    for (const auto& n : all) t.*n.handle = *txn.open_db(n.name, true, n.flags);
    Bytes id(8, '\0');
    randombytes_buf(id.data(), id.size());
    txn.put(t.meta, hits_meta::schema, encoded(hits_schema_version));
    txn.put(t.meta, hits_meta::id, id);
    txn.put(t.meta, hits_meta::next_sequence, encoded(std::uint64_t{1}));
    return t;
}

Bytes hour_key(Hour hour) { return be32(hour).substr(1); }

Hour hour_of_key(ByteView key) { return static_cast<Hour>(from_be(key.substr(0, 3))); }

std::uint64_t read_count(const ledger::lmdb::Transaction& txn, MDB_dbi db, ByteView key) {
    auto value = txn.get(db, key);
    return value ? ByteReader(*value, "count").integer<std::uint64_t>() : 0;
}

Bytes encode_count(std::uint64_t n) { return encoded(n); }

void add_count(ledger::lmdb::WriteTxn& txn, MDB_dbi db, ByteView key, std::uint64_t n) {
    if (n > 0) txn.put(db, key, encoded(read_count(txn, db, key) + n));
}

Bytes encode(const InstanceTotals& t) {
    ByteWriter w;
    w.integer(t.recorded);
    w.integer(t.dropped);
    w.integer(t.uncounted);
    w.integer(t.last);
    return w.take();
}

InstanceTotals decode_instance_totals(ByteView name, ByteView value) {
    ByteReader in(value, "instance totals");
    InstanceTotals t;
    t.instance = std::string(name);
    t.recorded = in.integer<std::uint64_t>();
    t.dropped = in.integer<std::uint64_t>();
    t.uncounted = in.integer<std::uint64_t>();
    t.last = in.integer<Microseconds>();
    in.finish();
    return t;
}

}  // namespace saring::hits
