// What is written is found again, by every filter, against a plain list of the same hits.
#include <algorithm>
#include <map>

#include "hits_support.h"

namespace saring::test::hits_store_test {
namespace {

hits::HitFilter random_filter(Random& random, std::size_t last_sequence) {
    hits::HitFilter f;
    if (random.one_in(3)) f.order = "B-" + std::to_string(random.below(6)) + "/2024";
    if (random.one_in(3))
        f.name = name(random.pick<std::string>({"example", "test", "site1.example", "www.site2.example", "www.alias1.test", "nothing.example", "."}));
    if (random.one_in(3)) f.client = hits::parse_client(random.pick<std::string>({"192.0.0.0/16", "192.0.1.0/24", "192.0.1.2", "198.51.0.0/24", "2001:db8::/32"}));
    if (random.one_in(4)) f.region = random.pick<std::string>({"", "ID-JK", "ID-XX"});
    if (random.one_in(4)) f.action = policy::Action::nxdomain;
    if (random.one_in(3)) f.since = noon_us + static_cast<hits::Microseconds>(random.below(5)) * 1800 * hits::second_us;
    if (random.one_in(3)) f.until = noon_us + static_cast<hits::Microseconds>(random.below(5)) * 3600 * hits::second_us;
    if (random.one_in(4)) f.after = random.below(last_sequence + 2);
    return f;
}

std::vector<hits::Hit> expected(const std::vector<hits::Hit>& all, const hits::HitFilter& f) {
    std::vector<hits::Hit> out;
    std::copy_if(all.begin(), all.end(), std::back_inserter(out), [&](const hits::Hit& h) { return f.accepts(h); });
    return out;
}

}  // namespace

TEST_CASE("Every filter finds through the indexes what a look at each hit finds") {
    HitsStore store;
    Random random(11);
    for (int commit = 0; commit < 30; ++commit) store.write(random_hits(random, random.between(1, 40)));
    auto all = store.read();
    REQUIRE(all.size() > 300);
    for (std::size_t i = 0; i < all.size(); ++i) REQUIRE(all[i].sequence == i + 1);
    std::size_t found = 0;
    for (int round = 0; round < 400; ++round) {
        hits::HitFilter f = random_filter(random, all.size());
        auto wanted = expected(all, f);
        found += wanted.size();
        REQUIRE(store.read(f) == wanted);
        std::reverse(wanted.begin(), wanted.end());
        REQUIRE(store.read(f, hits::HitsReader::Direction::newest_first) == wanted);
    }
    CHECK(found > 1000);
}

TEST_CASE("The aggregates by hour are what a recount of the records gives") {
    HitsStore store;
    Random random(12);
    for (int commit = 0; commit < 20; ++commit) store.write(random_hits(random, 50));
    std::map<std::tuple<hits::Hour, std::string, std::string, policy::Action>, std::uint64_t> orders, orders_kept;
    std::map<std::tuple<hits::Hour, std::string, std::string>, std::uint64_t> names, names_kept;
    for (const auto& h : store.read()) {
        ++orders[{hits::hour_of(h.time), h.order, h.region, h.action}];
        ++names[{hits::hour_of(h.time), h.order, h.matched()}];
    }
    hits::HitsReader reader(store.db);
    reader.each_order_hour(0, 0xffffff, [&](const hits::OrderHour& o) { orders_kept[{o.hour, o.order, o.region, o.action}] = o.count; });
    reader.each_name_hour(0, 0xffffff, [&](const hits::NameHour& n) { names_kept[{n.hour, n.order, n.matched}] = n.count; });
    CHECK(orders == orders_kept);
    CHECK(names == names_kept);
    std::map<std::pair<std::string, policy::Action>, std::uint64_t> totals, totals_kept;
    for (const auto& [k, n] : orders) totals[{std::get<1>(k), std::get<3>(k)}] += n;
    reader.each_order_total([&](const hits::OrderTotal& t) { totals_kept[{t.order, t.action}] = t.count; });
    CHECK(totals == totals_kept);
    auto first = hits::hour_of(noon_us);
    std::uint64_t of_first = 0;
    reader.each_order_hour(first, first + 1, [&](const hits::OrderHour& o) {
        CHECK(o.hour == first);
        of_first += o.count;
    });
    CHECK(of_first > 0);
    CHECK(of_first < 1000);
}

TEST_CASE("A reader sees one state, and writers go on meanwhile") {
    HitsStore store;
    Random random(13);
    store.write(random_hits(random, 10));
    hits::HitsReader before(store.db);
    store.write(random_hits(random, 10));
    CHECK(before.summary().kept == 10);
    CHECK(hits::HitsReader(store.db).summary().kept == 20);
}

TEST_CASE("Several writers share the sequence, and each has its own totals") {
    HitsStore store;
    Random random(14);
    config::HitsConfig second = store.config;
    second.instance = "ns2.isp.example";
    hits::HitsWriter one(store.db, store.config), other(store.db, second);
    for (int i = 0; i < 10; ++i)
        for (auto* w : {&one, &other}) {
            hits::HitBatch batch;
            for (auto h : random_hits(random, w == &one ? 3 : 5)) batch.add(h);
            w->commit(batch, noon_us);
            CHECK(batch.empty());
        }
    auto all = store.read();
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i].sequence == i + 1);
    auto s = hits::HitsReader(store.db).summary();
    REQUIRE(s.instances.size() == 2);
    CHECK(s.instances[0].recorded == 30);
    CHECK(s.instances[1].recorded == 50);
    CHECK(s.recorded() == s.kept);
    CHECK(s.last_sequence == 80);
}

TEST_CASE("Hits beyond what a batch holds are counted by hour and as dropped") {
    HitsStore store;
    Random random(15);
    hits::Hit h = random_hit(random);
    hits::HitBatch batch;
    std::size_t room = hits::HitBatch::most_blocks * hits::BlockBuilder::most, over = 1000;
    for (std::size_t i = 0; i < room + over; ++i) batch.add(h);
    CHECK(batch.records() == room);
    hits::HitsWriter(store.db, store.config).commit(batch, noon_us);
    hits::HitsReader reader(store.db);
    auto s = reader.summary();
    CHECK(s.recorded() == room);
    CHECK(s.dropped() == over);
    std::uint64_t counted = 0, dropped = 0;
    reader.each_order_hour(0, 0xffffff, [&](const hits::OrderHour& o) { counted += o.count; });
    reader.each_dropped_hour(0, 0xffffff, [&](hits::Hour hour, std::uint64_t n) {
        CHECK(hour == hits::hour_of(h.time));
        dropped += n;
    });
    CHECK(counted == room + over);
    CHECK(dropped == over);
}

TEST_CASE("Counts stay exact in sum when there are too many names to keep apart") {
    hits::HitCounts counts, more;
    std::size_t n = hits::HitCounts::most + 500;
    for (std::size_t i = 0; i < n; ++i) counts.add(7, "B-1", {policy::Trigger::qname, name("n" + std::to_string(i) + ".example"), {}}, "ID-JK", policy::Action::nxdomain, false);
    more.merge(counts);
    for (const hits::HitCounts* c : {&counts, &more}) {
        std::uint64_t names = 0, orders = 0;
        c->each_name([&](const hits::HitCounts::NameCount& k) { names += k.n; });
        c->each_order([&](const hits::HitCounts::OrderCount& k) { orders += k.n; });
        CHECK(names == n);
        CHECK(orders == n);
        CHECK(c->names() <= hits::HitCounts::most + 1);
        CHECK(c->uncounted() >= 500);
        CHECK(c->uncounted() <= 501);  // the coarse count may have taken one more place
    }
}

}  // namespace saring::test::hits_store_test
