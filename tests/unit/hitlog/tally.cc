#include "hits/tally.h"

#include <map>

#include "hitlog_support.h"

namespace saring::hitlog::test {
namespace {

std::string key_of(const Hit& h, TallyBy by) {
    switch (by) {
        case TallyBy::name: return h.matched();
        case TallyBy::qname: return h.qname.to_string();
        case TallyBy::order: return h.order;
        case TallyBy::region: return h.region;
        case TallyBy::action: return to_string(h.action);
        case TallyBy::client: return client_text(h.client);
        case TallyBy::asn: return h.asn ? "AS" + std::to_string(h.asn) : "";
        case TallyBy::instance: return h.instance;
        case TallyBy::qtype: return qtype_text(h.qtype);
        case TallyBy::transport: return to_string(h.transport);
        case TallyBy::trigger: return to_string(h.trigger);
    }
    return "?";
}

std::map<std::string, std::uint64_t> recount(const std::vector<Hit>& hits, const HitFilter& f, TallyBy by) {
    std::map<std::string, std::uint64_t> out;
    for (const auto& h : hits)
        if (f.accepts(h)) ++out[key_of(h, by)];
    return out;
}

std::map<std::string, std::uint64_t> rows(const Tally& t) {
    std::map<std::string, std::uint64_t> out;
    for (const auto& r : t.rows) out[r.key] = r.count;
    return out;
}

}  // namespace

TEST_CASE("A tally is the same from the counts by hour and from the records") {
    Log store;
    Random random(41);
    for (int i = 0; i < 10; ++i) store.write(random_hits(random, 60));
    auto all = store.read();
    auto reader = store.look();
    Microseconds hour = noon_us / hour_us * hour_us;
    for (auto by : {TallyBy::name, TallyBy::order, TallyBy::region, TallyBy::client})
        for (bool whole : {true, false}) {
            HitFilter f;
            f.since = hour + hour_us + !whole;
            f.until = hour + 3 * hour_us + !whole;
            if (by != TallyBy::order) f.order = "B-1/2024";
            auto t = tally(reader, by, f, 1000);
            CHECK(rows(t) == recount(all, f, by));
            CHECK(t.from_records == (!whole || by == TallyBy::client));
        }
}

TEST_CASE("A tally of the records counts by any field of a hit") {
    Log store;
    Random random(44);
    for (int i = 0; i < 5; ++i) store.write(random_hits(random, 100));
    auto all = store.read();
    auto reader = store.look();
    HitFilter some;
    some.name = name("site1.example");
    for (auto by : {TallyBy::name, TallyBy::qname, TallyBy::order, TallyBy::region, TallyBy::action, TallyBy::client,
                    TallyBy::asn, TallyBy::instance, TallyBy::qtype, TallyBy::transport, TallyBy::trigger}) {
        auto t = tally(reader, by, some, 1000);
        CHECK(t.from_records);
        CHECK(rows(t) == recount(all, some, by));
    }
}

TEST_CASE("A tally with orders has a row for each pair, from the counts by hour and from the records") {
    Log store;
    Random random(45);
    for (int i = 0; i < 5; ++i) store.write(random_hits(random, 100));
    auto all = store.read();
    auto reader = store.look();
    for (auto by : {TallyBy::name, TallyBy::qname, TallyBy::region, TallyBy::client, TallyBy::qtype, TallyBy::instance,
                    TallyBy::action}) {
        std::map<std::pair<std::string, std::string>, std::uint64_t> wanted, found;
        for (const auto& h : all) ++wanted[{key_of(h, by), h.order}];
        auto t = tally_with_orders(reader, by, {}, 10000);
        for (const auto& r : t.rows) found[{r.key, r.order}] = r.count;
        CHECK(found == wanted);
        CHECK(t.from_records == (by != TallyBy::name));
    }
}

TEST_CASE("A histogram's parts add up to its bins, from the counts by hour and from the records") {
    Log store;
    Random random(46);
    store.write(random_hits(random, 500));
    auto reader = store.look();
    HitFilter f;
    f.since = noon_us / hour_us * hour_us;
    f.until = f.since + 2 * hour_us;
    for (auto by : {TallyBy::order, TallyBy::region, TallyBy::action})
        for (Microseconds width : {hour_us, 60 * second_us}) {
            auto h = histogram(reader, f, width, by);
            std::map<std::string, std::uint64_t> sums;
            for (const auto& bin : h.bins) {
                std::uint64_t sum = 0;
                for (std::size_t i = 0; i < h.keys.size(); ++i) sums[h.keys[i]] += bin.parts[i], sum += bin.parts[i];
                CHECK(sum == bin.count);
            }
            CHECK(sums == recount(store.read(), f, by));
            CHECK(h.from_records == (width != hour_us));
        }
}

TEST_CASE("A reader stops when its callback asks it to") {
    Log store;
    Random random(47);
    for (int i = 0; i < 5; ++i) store.write(random_hits(random, 50));
    int frames = 0;
    HitsReader reader(std::make_shared<HitLog>(store.options.path), [&] { return ++frames > 2; });
    CHECK_THROWS_AS(tally_records(reader, {{TallyBy::qname, 10}}, {}), LookEnded);
    std::size_t seen = 0;
    frames = 0;
    CHECK_THROWS_AS(reader.each({}, HitsReader::Direction::oldest_first, [&](const Hit&) { return ++seen, true; }),
                    LookEnded);
    CHECK(seen > 0);
    CHECK(seen < 250);
}

TEST_CASE("A tally lists the highest counts first, and gives the total and the number of keys") {
    Log store;
    Random random(42);
    store.write(random_hits(random, 500));
    auto reader = store.look();
    auto all = tally(reader, TallyBy::name, {}, 1000), top = tally(reader, TallyBy::name, {}, 2);
    REQUIRE(top.rows.size() == 2);
    CHECK(top.rows[0].count >= top.rows[1].count);
    CHECK(top.rows[0].key == all.rows[0].key);
    CHECK(top.total == 500);
    CHECK(top.distinct == all.rows.size());
}

TEST_CASE("A histogram has every bin of its period, and counts each hit in the right one") {
    Log store;
    Random random(43);
    store.write(random_hits(random, 500));
    auto all = store.read();
    auto reader = store.look();
    HitFilter f;
    f.since = noon_us / hour_us * hour_us - hour_us;
    f.until = f.since + 8 * hour_us;
    for (Microseconds width : {hour_us, 600 * second_us}) {
        auto h = histogram(reader, f, width);
        REQUIRE(h.bins.size() == static_cast<std::size_t>(8 * hour_us / width));
        CHECK(h.total == 500);
        CHECK(h.from_records == (width != hour_us));
        for (const auto& bin : h.bins) {
            auto in = std::count_if(all.begin(), all.end(), [&](const Hit& hit) {
                return hit.time >= bin.begin && hit.time < bin.begin + width;
            });
            CHECK(bin.count == static_cast<std::uint64_t>(in));
        }
    }
    require_error(ErrorKind::usage, [&] { histogram(reader, f, 1000); }, {"bins"});
}

}  // namespace saring::hitlog::test
