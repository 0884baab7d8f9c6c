#include "ledger/changes.h"

#include <zstd.h>

namespace saring::ledger {
namespace {

constexpr int compression_level = 1;  // fast, since each commit waits for it
constexpr unsigned long long max_plain = 4ull << 30;
constexpr unsigned long long max_ratio = 40000;  // zstd: 4 bytes of a block unpack to at most 128 KiB

[[noreturn]] void corrupt_changes(const Message& why) {
    throw Error(ErrorKind::database, msg("database"), msg("corrupt: a commit's changes %1", why),
                msg("restore a backup or sync again into a new database"));
}

Bytes compress(const Bytes& plain) {
    Bytes out(ZSTD_compressBound(plain.size()), '\0');
    std::size_t n = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), compression_level);
    if (ZSTD_isError(n))
        throw Error(ErrorKind::database, "zstd", ZSTD_getErrorName(n), msg("free memory and try again"));
    out.resize(n);
    return out;
}

Bytes decompress(ByteView packed) {
    unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > max_plain ||
        size > max_ratio * packed.size())
        corrupt_changes(msg("have no valid size"));
    Bytes out(static_cast<std::size_t>(size), '\0');
    std::size_t n = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
    if (ZSTD_isError(n) || n != out.size()) corrupt_changes(msg("cannot be decompressed"));
    return out;
}

constexpr std::uint8_t flag_added = 1, flag_address = 2;

}  // namespace

MDB_dbi handle_of(RecordTable table, const Tables& tables) {
    switch (table) {
        case RecordTable::orders: return tables.orders;
        case RecordTable::order_ids: return tables.order_ids;
        case RecordTable::documents: return tables.documents;
        case RecordTable::texts: return tables.texts;
        case RecordTable::lifts: return tables.lifts;
        case RecordTable::quarantine: return tables.quarantine;
    }
    corrupt_changes(msg("name an unknown table"));
}

const char* to_string(RecordTable table) {
    switch (table) {
        case RecordTable::orders: return "orders";
        case RecordTable::order_ids: return "order_ids";
        case RecordTable::documents: return "documents";
        case RecordTable::texts: return "texts";
        case RecordTable::lifts: return "lifts";
        case RecordTable::quarantine: return "quarantine";
    }
    return "?";
}

Bytes encode(const Changes& c) {
    ByteWriter w;
    w.integer(static_cast<std::uint32_t>(c.records.size()));
    for (const auto& r : c.records) {
        w.integer(static_cast<std::uint8_t>(r.table));
        w.bytes(r.key);
        w.integer(static_cast<std::uint8_t>(r.image ? 1 : 0));
        if (r.image) w.bytes(*r.image);
    }
    w.integer(static_cast<std::uint64_t>(c.entries.size()));
    for (const auto& e : c.entries) {
        w.integer(static_cast<std::uint8_t>((e.added ? flag_added : 0) | (e.address ? flag_address : 0)));
        w.integer(e.entry.order);
        w.integer(static_cast<std::uint8_t>(e.entry.match));
        w.bytes(e.key);
    }
    w.integer(static_cast<std::uint32_t>(c.whole_lists_added.size()));
    for (auto index : c.whole_lists_added) w.integer(index);
    return compress(w.take());
}

Changes decode_changes(ByteView value) {
    Bytes plain = decompress(value);
    ByteReader in(plain, "commit changes");
    Changes c;
    for (auto n = in.integer<std::uint32_t>(); n > 0; --n) {
        auto table = in.integer<std::uint8_t>();
        if (table >= std::size(record_tables)) corrupt_changes(msg("name an unknown table"));
        RecordBefore r{static_cast<RecordTable>(table), Bytes(in.bytes()), std::nullopt};
        auto image = in.integer<std::uint8_t>();
        if (image > 1) corrupt_changes(msg("have an unknown mark"));
        if (image) r.image = Bytes(in.bytes());
        c.records.push_back(std::move(r));
    }
    for (auto n = in.integer<std::uint64_t>(); n > 0; --n) {
        auto flags = in.integer<std::uint8_t>();
        auto order = in.integer<policy::OrderIndex>();
        auto match = in.integer<std::uint8_t>();
        c.entries.push_back({(flags & flag_added) != 0,
                             (flags & flag_address) != 0,
                             {order, policy::decode_match(match, marked("a commit"))},
                             Bytes(in.bytes())});
    }
    for (auto n = in.integer<std::uint32_t>(); n > 0; --n)
        c.whole_lists_added.push_back(in.integer<policy::OrderIndex>());
    in.finish();
    return c;
}

Changes read_changes(const lmdb::Transaction& txn, const Tables& tables, std::uint64_t serial) {
    auto value = txn.get(tables.changes, be64(serial));
    if (!value)
        throw lmdb::Failure(lmdb::Fault::corrupt, msg("database"),
                            msg("corrupt: what the commit of serial %1 changed is not on record", serial),
                            msg("see: blocklist-tool db check"));
    return decode_changes(*value);
}

}  // namespace saring::ledger
