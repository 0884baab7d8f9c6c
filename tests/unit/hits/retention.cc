#include <algorithm>

#include "hits_support.h"

namespace saring::test::hits_retention_test {
namespace {

constexpr hits::Microseconds day_us = 86400 * hits::second_us;

std::size_t entries(const HitsStore& store, MDB_dbi hits::HitsTables::*table) {
    ledger::lmdb::ReadTxn txn(store.db->environment());
    return txn.entries(store.db->tables().*table);
}

}  // namespace

TEST_CASE("Records go when they are too old, with all that led to them; the counts stay") {
    HitsStore store;
    store.config.keep_days = 2;
    Random random(21);
    for (int day = 0; day < 5; ++day) store.write(random_hits(random, 40, noon_us + day * day_us), noon_us + day * day_us);
    hits::HitsWriter writer(store.db, store.config);
    writer.retire(noon_us + 5 * day_us);
    for (const auto& h : store.read()) CHECK(h.time >= noon_us + 3 * day_us);
    auto s = hits::HitsReader(store.db).summary();
    CHECK(s.kept == store.read().size());
    CHECK(s.kept + s.expired == 200);
    std::uint64_t counted = 0;
    hits::HitsReader(store.db).each_order_hour(0, 0xffffff, [&](const hits::OrderHour& o) { counted += o.count; });
    CHECK(counted == 200);
    writer.retire(noon_us + 50 * day_us);
    CHECK(store.read().empty());
    CHECK(entries(store, &hits::HitsTables::index) == 0);
    CHECK(hits::HitsReader(store.db).summary().expired == 200);
}

TEST_CASE("Counts by hour go at the end of their own, longer time") {
    HitsStore store;
    store.config.keep_days = 1;
    store.config.keep_hours_days = 10;
    Random random(22);
    store.write(random_hits(random, 100));
    hits::HitsWriter writer(store.db, store.config);
    for (int i = 0; i < 10; ++i) writer.retire(noon_us + 9 * day_us);
    CHECK(entries(store, &hits::HitsTables::order_hours) > 0);
    for (int i = 0; i < 10; ++i) writer.retire(noon_us + 11 * day_us);
    CHECK(entries(store, &hits::HitsTables::order_hours) == 0);
    CHECK(entries(store, &hits::HitsTables::name_hours) == 0);
}

TEST_CASE("The oldest records give way when the file holds too much") {
    HitsStore store;
    store.config.max_size = std::size_t{2} << 20;
    Random random(23);
    hits::HitsWriter writer(store.db, store.config);
    std::uint64_t written = 0;
    for (int i = 0; i < 400; ++i) {
        hits::HitBatch batch;
        for (int n = 0; n < 1000; ++n) {
            hits::Hit h = random_hit(random, noon_us + i * hits::second_us);
            h.qname = from_wire(random_wire(random, false));  // little to pack
            batch.add(h);
        }
        written += 1000;
        writer.commit(batch, noon_us + i * hits::second_us);
        // One batch may stand above the limit until the next commit.
        REQUIRE(hits::HitsReader(store.db).summary().bytes < store.config.max_size + (std::size_t{1} << 20));
    }
    auto s = hits::HitsReader(store.db).summary();
    CHECK(s.expired > 0);
    CHECK(s.kept + s.expired == written);
    CHECK(store.read().size() == s.kept);
    CHECK(store.read().back().sequence == written);
}

TEST_CASE("A purge removes a subject's records and nobody else's, and what is left is still found") {
    HitsStore store;
    Random random(24);
    for (int i = 0; i < 20; ++i) store.write(random_hits(random, 30));
    auto before = store.read();
    hits::HitFilter subject;
    subject.client = hits::parse_client("192.0.1.0/24");
    auto theirs = static_cast<std::uint64_t>(std::count_if(before.begin(), before.end(), [&](const hits::Hit& h) { return subject.accepts(h); }));
    REQUIRE(theirs > 0);
    CHECK(purge_hits(*store.db, subject) == theirs);
    CHECK(purge_hits(*store.db, subject) == 0);
    before.erase(std::remove_if(before.begin(), before.end(), [&](const hits::Hit& h) { return subject.accepts(h); }), before.end());
    CHECK(store.read() == before);
    for (int n = 0; n < 5; ++n) {
        hits::HitFilter order;
        order.order = "B-" + std::to_string(n) + "/2024";
        std::vector<hits::Hit> wanted;
        std::copy_if(before.begin(), before.end(), std::back_inserter(wanted), [&](const hits::Hit& h) { return order.accepts(h); });
        CHECK(store.read(order) == wanted);
    }
    auto s = hits::HitsReader(store.db).summary();
    CHECK(s.purged == theirs);
    CHECK(s.kept + s.purged == s.recorded());
}

TEST_CASE("A damaged block does not keep later hits from being written") {
    HitsStore store;
    Random random(25);
    store.write(random_hits(random, 10));
    {
        ledger::lmdb::WriteTxn txn(store.db->environment());
        txn.put(store.db->tables().blocks, be64(1), Bytes(40, '\x01'));
        ledger::lmdb::commit(std::move(txn));
    }
    require_error(ErrorKind::database, [&] { store.read(); }, {"hits database", "corrupt"});
    store.config.keep_days = 1;
    Random again(26);
    hits::HitsWriter writer(store.db, store.config);
    hits::HitBatch batch;
    for (const auto& h : random_hits(again, 10, noon_us + 30 * day_us)) batch.add(h);
    writer.commit(batch, noon_us + 30 * day_us);
    CHECK(store.read().size() == 10);
}

}  // namespace saring::test::hits_retention_test
