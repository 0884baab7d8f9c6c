#include "ledger/journal.h"

#include <sodium.h>

namespace saring::ledger {
namespace {

constexpr std::size_t hash_size = 32;

Bytes encode_body(const JournalRecord& r) {
    ByteWriter w;
    w.integer(r.serial);
    w.integer(r.time);
    for (const auto* s : {&r.operator_name, &r.command, &r.detail}) w.bytes(*s);
    w.integer(static_cast<std::uint32_t>(r.orders.size()));
    for (const auto& id : r.orders) w.bytes(id);
    for (auto n : {r.names_added, r.names_removed, r.addresses_added, r.addresses_removed}) w.integer(n);
    return w.take();
}

JournalRecord decode(ByteView value) {
    ByteReader in(value.substr(std::min(hash_size, value.size())), "journal record");
    JournalRecord r;
    r.hash = value.substr(0, hash_size);
    r.serial = in.integer<std::uint64_t>();
    r.time = in.integer<UnixTime>();
    for (auto* s : {&r.operator_name, &r.command, &r.detail}) *s = in.bytes();
    for (auto n = in.integer<std::uint32_t>(); n > 0; --n) r.orders.emplace_back(in.bytes());
    for (auto* n : {&r.names_added, &r.names_removed, &r.addresses_added, &r.addresses_removed})
        *n = in.integer<std::uint64_t>();
    in.finish();
    return r;
}

Bytes chained(ByteView previous, const Bytes& body) {
    Bytes input = Bytes(previous) + body, hash(hash_size, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                       reinterpret_cast<const unsigned char*>(input.data()), input.size(), nullptr, 0);
    return hash;
}

}  // namespace

void append_journal(lmdb::WriteTxn& txn, const Tables& tables, JournalRecord& record) {
    auto previous = last_journal(txn, tables);
    Bytes body = encode_body(record);
    record.hash = chained(previous ? ByteView(previous->hash) : ByteView(), body);
    txn.put(tables.journal, be64(record.serial), record.hash + body, MDB_APPEND);
}

bool follows(ByteView previous_hash, const JournalRecord& record) {
    return record.hash == chained(previous_hash, encode_body(record));
}

std::optional<JournalRecord> read_journal(const lmdb::Transaction& txn, const Tables& tables, std::uint64_t serial) {
    auto v = txn.get(tables.journal, be64(serial));
    if (!v) return std::nullopt;
    return decode(*v);
}

std::optional<JournalRecord> last_journal(const lmdb::Transaction& txn, const Tables& tables) {
    auto item = lmdb::Cursor(txn, tables.journal).last();
    if (!item) return std::nullopt;
    return decode(item->value);
}

void each_journal(const lmdb::Transaction& txn, const Tables& tables,
                  const std::function<void(const JournalRecord&)>& visit) {
    lmdb::Cursor cursor(txn, tables.journal);
    for (auto item = cursor.first(); item; item = cursor.next()) visit(decode(item->value));
}

void each_journal_newest_first(const lmdb::Transaction& txn, const Tables& tables,
                               const std::function<bool(const JournalRecord&)>& visit) {
    lmdb::Cursor cursor(txn, tables.journal);
    for (auto item = cursor.last(); item; item = cursor.previous())
        if (!visit(decode(item->value))) return;
}

std::optional<std::uint64_t> first_broken_journal(const lmdb::Transaction& txn, const Tables& tables) {
    Bytes previous;
    std::uint64_t expected = 1;
    std::optional<std::uint64_t> broken;
    each_journal(txn, tables, [&](const JournalRecord& r) {
        if (!broken && (r.serial != expected || !follows(previous, r))) broken = expected;
        previous = r.hash;
        ++expected;
    });
    if (!broken && expected != read_serial(txn, tables) + 1) broken = expected;
    return broken;
}

}  // namespace saring::ledger
