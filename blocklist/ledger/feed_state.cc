#include "ledger/feed_state.h"

namespace saring::ledger {

Bytes encode(const FeedState& s) {
    ByteWriter w;
    w.integer(s.serial);
    for (UnixTime t : {s.generated, s.valid_until, s.last_attempt, s.last_success, s.last_failure}) w.integer(t);
    w.integer(s.failure_code);
    for (auto n : {s.failures, s.orders, s.withheld}) w.integer(n);
    for (const auto* text : {&s.url, &s.digest, &s.etag, &s.last_modified, &s.failure, &s.own}) w.bytes(*text);
    return w.take();
}

FeedState decode_feed_state(ByteView value) {
    ByteReader in(value, "feed state");
    FeedState s;
    s.serial = in.integer<std::uint64_t>();
    for (UnixTime* t : {&s.generated, &s.valid_until, &s.last_attempt, &s.last_success, &s.last_failure})
        *t = in.integer<UnixTime>();
    s.failure_code = in.integer<std::uint8_t>();
    for (auto* n : {&s.failures, &s.orders, &s.withheld}) *n = in.integer<std::uint32_t>();
    for (auto* text : {&s.url, &s.digest, &s.etag, &s.last_modified, &s.failure, &s.own}) *text = in.bytes();
    in.finish();
    return s;
}

std::optional<FeedState> read_feed_state(const lmdb::Transaction& txn, const Tables& tables, const std::string& name) {
    auto v = txn.get(tables.feeds, name);
    if (!v) return std::nullopt;
    return decode_feed_state(*v);
}

std::optional<Bytes> read_manifest(const lmdb::Transaction& txn, const Tables& tables, const std::string& name) {
    auto v = txn.get(tables.manifests, name);
    if (!v) return std::nullopt;
    return Bytes(*v);
}

std::vector<std::pair<std::string, FeedState>> read_feed_states(const lmdb::Transaction& txn, const Tables& tables) {
    std::vector<std::pair<std::string, FeedState>> out;
    lmdb::Cursor cursor(txn, tables.feeds);
    for (auto item = cursor.first(); item; item = cursor.next())
        out.emplace_back(Bytes(item->key), decode_feed_state(item->value));
    return out;
}

}  // namespace saring::ledger
