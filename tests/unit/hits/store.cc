// What is written is found again, by every filter, against a plain list of the same hits.
#include <algorithm>
#include <map>

#include "hits_support.h"

namespace saring::test {
namespace {

HitFilter random_filter(Random& random, std::size_t last_sequence) {
    HitFilter f;
    if (random.one_in(3)) f.order = "B-" + std::to_string(random.below(6)) + "/2024";
    if (random.one_in(3))
        f.name = name(random.pick<std::string>({"example", "test", "site1.example", "www.site2.example", "www.alias1.test", "nothing.example", "."}));
    if (random.one_in(3)) f.client = parse_client(random.pick<std::string>({"192.0.0.0/16", "192.0.1.0/24", "192.0.1.2", "198.51.0.0/24", "2001:db8::/32"}));
    if (random.one_in(4)) f.region = random.pick<std::string>({"", "ID-JK", "ID-XX"});
    if (random.one_in(4)) f.action = Action::nxdomain;
    if (random.one_in(3)) f.since = noon_us + static_cast<Microseconds>(random.below(5)) * 1800 * second_us;
    if (random.one_in(3)) f.until = noon_us + static_cast<Microseconds>(random.below(5)) * 3600 * second_us;
    if (random.one_in(4)) f.after = random.below(last_sequence + 2);
    return f;
}

std::vector<Hit> expected(const std::vector<Hit>& all, const HitFilter& f) {
    std::vector<Hit> out;
    std::copy_if(all.begin(), all.end(), std::back_inserter(out), [&](const Hit& h) { return f.accepts(h); });
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
        HitFilter f = random_filter(random, all.size());
        auto wanted = expected(all, f);
        found += wanted.size();
        REQUIRE(store.read(f) == wanted);
        std::reverse(wanted.begin(), wanted.end());
        REQUIRE(store.read(f, HitsReader::Direction::newest_first) == wanted);
    }
    CHECK(found > 1000);
}

TEST_CASE("The aggregates by hour are what a recount of the records gives") {
    HitsStore store;
    Random random(12);
    for (int commit = 0; commit < 20; ++commit) store.write(random_hits(random, 50));
    std::map<std::tuple<Hour, std::string, std::string, Action>, std::uint64_t> orders, orders_kept;
    std::map<std::tuple<Hour, std::string, std::string>, std::uint64_t> names, names_kept;
    for (const auto& h : store.read()) {
        ++orders[{hour_of(h.time), h.order, h.region, h.action}];
        ++names[{hour_of(h.time), h.order, h.matched()}];
    }
    HitsReader reader(store.db);
    reader.each_order_hour(0, 0xffffff, [&](const OrderHour& o) { orders_kept[{o.hour, o.order, o.region, o.action}] = o.count; });
    reader.each_name_hour(0, 0xffffff, [&](const NameHour& n) { names_kept[{n.hour, n.order, n.matched}] = n.count; });
    CHECK(orders == orders_kept);
    CHECK(names == names_kept);
    std::map<std::pair<std::string, Action>, std::uint64_t> totals, totals_kept;
    for (const auto& [k, n] : orders) totals[{std::get<1>(k), std::get<3>(k)}] += n;
    reader.each_order_total([&](const OrderTotal& t) { totals_kept[{t.order, t.action}] = t.count; });
    CHECK(totals == totals_kept);
    auto first = hour_of(noon_us);
    std::uint64_t of_first = 0;
    reader.each_order_hour(first, first + 1, [&](const OrderHour& o) {
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
    HitsReader before(store.db);
    store.write(random_hits(random, 10));
    CHECK(before.summary().kept == 10);
    CHECK(HitsReader(store.db).summary().kept == 20);
}

TEST_CASE("Several writers share the sequence, and each has its own totals") {
    HitsStore store;
    Random random(14);
    HitsConfig second = store.config;
    second.instance = "ns2.isp.example";
    HitsWriter one(store.db, store.config), other(store.db, second);
    for (int i = 0; i < 10; ++i)
        for (auto* w : {&one, &other}) {
            HitBatch batch;
            for (auto h : random_hits(random, w == &one ? 3 : 5)) batch.add(h);
            w->commit(batch, noon_us);
            CHECK(batch.empty());
        }
    auto all = store.read();
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i].sequence == i + 1);
    auto s = HitsReader(store.db).summary();
    REQUIRE(s.instances.size() == 2);
    CHECK(s.instances[0].recorded == 30);
    CHECK(s.instances[1].recorded == 50);
    CHECK(s.recorded() == s.kept);
    CHECK(s.last_sequence == 80);
}

TEST_CASE("Hits beyond what a batch holds are counted by hour and as dropped") {
    HitsStore store;
    Random random(15);
    Hit h = random_hit(random);
    HitBatch batch;
    std::size_t room = HitBatch::most_blocks * BlockBuilder::most, over = 1000;
    for (std::size_t i = 0; i < room + over; ++i) batch.add(h);
    CHECK(batch.records() == room);
    HitsWriter(store.db, store.config).commit(batch, noon_us);
    HitsReader reader(store.db);
    auto s = reader.summary();
    CHECK(s.recorded() == room);
    CHECK(s.dropped() == over);
    std::uint64_t counted = 0, dropped = 0;
    reader.each_order_hour(0, 0xffffff, [&](const OrderHour& o) { counted += o.count; });
    reader.each_dropped_hour(0, 0xffffff, [&](Hour hour, std::uint64_t n) {
        CHECK(hour == hour_of(h.time));
        dropped += n;
    });
    CHECK(counted == room + over);
    CHECK(dropped == over);
}

TEST_CASE("Counts stay exact in sum when there are too many names to keep apart") {
    HitCounts counts, more;
    std::size_t n = HitCounts::most + 500;
    for (std::size_t i = 0; i < n; ++i) counts.add(7, "B-1", {Trigger::qname, name("n" + std::to_string(i) + ".example"), {}}, "ID-JK", Action::nxdomain, false);
    more.merge(counts);
    for (const HitCounts* c : {&counts, &more}) {
        std::uint64_t names = 0, orders = 0;
        c->each_name([&](const HitCounts::NameCount& k) { names += k.n; });
        c->each_order([&](const HitCounts::OrderCount& k) { orders += k.n; });
        CHECK(names == n);
        CHECK(orders == n);
        CHECK(c->names() <= HitCounts::most + 1);
        CHECK(c->uncounted() >= 500);
        CHECK(c->uncounted() <= 501);  // the coarse count may have taken one more place
    }
}

}  // namespace saring::test
