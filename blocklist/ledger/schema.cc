#include "ledger/schema.h"

#include <sodium.h>

#include <cstring>

#include "base/time.h"

namespace saring::ledger {
namespace {

struct Named {
    const char* name;
    MDB_dbi Tables::*handle;
};
constexpr Named all[] = {
    {"names", &Tables::names},         {"addresses", &Tables::addresses},   {"orders", &Tables::orders},
    {"order_ids", &Tables::order_ids}, {"documents", &Tables::documents},   {"texts", &Tables::texts},
    {"lifts", &Tables::lifts},         {"quarantine", &Tables::quarantine}, {"journal", &Tables::journal},
    {"changes", &Tables::changes},     {"feeds", &Tables::feeds},           {"manifests", &Tables::manifests},
    {"meta", &Tables::meta},
};

template <typename T>
Bytes encoded(T v) {
    ByteWriter w;
    w.integer(v);
    return w.take();
}

}  // namespace

std::vector<MDB_dbi> all_of(const Tables& tables) {
    std::vector<MDB_dbi> out;
    for (const auto& n : all) out.push_back(tables.*n.handle);
    return out;
}

Tables open_tables(const lmdb::Transaction& txn) {
    auto meta = txn.open_db("meta");
    if (!meta)
        throw lmdb::Failure(lmdb::Fault::absent, msg("database"), msg("is empty"),
                            msg("create it with: blocklist-tool db init"));
    auto version = txn.get(*meta, meta_key::schema);
    if (!version)
        throw lmdb::Failure(lmdb::Fault::corrupt, msg("database"), msg("has no schema version"),
                            msg("restore a backup or sync again into a new database"));
    auto found = ByteReader(*version, "schema version").integer<std::uint32_t>();
    if (found != schema_version)
        throw lmdb::Failure(
            lmdb::Fault::schema, msg("database"),
            msg("has schema %1, this program reads schema %2", found, schema_version),
            found > schema_version
                ? msg("install the Saring that wrote it")
                : msg("no version of Saring wrote it: move the folder away, then restore a backup or sync again"));
    Tables t{};
    for (const auto& n : all) {
        auto db = txn.open_db(n.name);
        if (!db)
            throw lmdb::Failure(lmdb::Fault::corrupt, msg("database"), msg("lacks its table %1", n.name),
                                msg("restore a backup or sync again into a new database"));
        t.*n.handle = *db;
    }
    return t;
}

Tables create_tables(lmdb::WriteTxn& txn) {
    Tables t{};
    for (const auto& n : all) t.*n.handle = *txn.open_db(n.name, true);
    txn.put(t.meta, meta_key::schema, encoded(schema_version));
    txn.put(t.meta, meta_key::serial, encoded(std::uint64_t{0}));
    txn.put(t.meta, meta_key::created, encoded(now_unix()));
    char id[sizeof(LedgerId)];
    randombytes_buf(id, sizeof id);
    txn.put(t.meta, meta_key::id, {id, sizeof id});
    return t;
}

LedgerId read_ledger_id(const lmdb::Transaction& txn, const Tables& tables) {
    LedgerId out{};
    auto id = txn.get(tables.meta, meta_key::id);
    if (id && id->size() == out.size()) {
        std::memcpy(out.data(), id->data(), out.size());
    } else {
        ByteView created = txn.get(tables.meta, meta_key::created).value_or(ByteView());
        crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(created.data()),
                           created.size(), nullptr, 0);
    }
    return out;
}

std::uint64_t read_serial(const lmdb::Transaction& txn, const Tables& tables) {
    auto v = txn.get(tables.meta, meta_key::serial);
    return v ? ByteReader(*v, "serial").integer<std::uint64_t>() : 0;
}

}  // namespace saring::ledger
