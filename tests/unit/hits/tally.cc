#include "hits/tally.h"

#include <map>

#include "hits_support.h"

namespace saring::test {
namespace {

constexpr Microseconds hour_us = 3600 * second_us;

std::map<std::string, std::uint64_t> recount(const std::vector<Hit>& hits, const HitFilter& f, TallyBy by) {
    std::map<std::string, std::uint64_t> out;
    for (const auto& h : hits)
        if (f.accepts(h)) ++out[by == TallyBy::name ? h.matched() : by == TallyBy::order ? h.order : by == TallyBy::region ? h.region : client_text(h.client)];
    return out;
}

std::map<std::string, std::uint64_t> rows(const Tally& t) {
    std::map<std::string, std::uint64_t> out;
    for (const auto& r : t.rows) out[r.key] = r.count;
    return out;
}

}  // namespace

TEST_CASE("A tally is the same from the counts by hour and from the records") {
    HitsStore store;
    Random random(41);
    for (int i = 0; i < 10; ++i) store.write(random_hits(random, 60));
    auto all = store.read();
    HitsReader reader(store.db);
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

TEST_CASE("A tally shows the most first and tells of the rest") {
    HitsStore store;
    Random random(42);
    store.write(random_hits(random, 500));
    HitsReader reader(store.db);
    auto all = tally(reader, TallyBy::name, {}, 1000), top = tally(reader, TallyBy::name, {}, 2);
    REQUIRE(top.rows.size() == 2);
    CHECK(top.rows[0].count >= top.rows[1].count);
    CHECK(top.rows[0].key == all.rows[0].key);
    CHECK(top.total == 500);
    CHECK(top.distinct == all.rows.size());
}

TEST_CASE("A histogram has every bin of its time, and each hit in its own") {
    HitsStore store;
    Random random(43);
    store.write(random_hits(random, 500));
    auto all = store.read();
    HitsReader reader(store.db);
    HitFilter f;
    f.since = noon_us / hour_us * hour_us - hour_us;
    f.until = f.since + 8 * hour_us;
    for (Microseconds width : {hour_us, 600 * second_us}) {
        auto h = histogram(reader, f, width);
        REQUIRE(h.bins.size() == static_cast<std::size_t>(8 * hour_us / width));
        CHECK(h.total == 500);
        CHECK(h.from_records == (width != hour_us));
        for (const auto& bin : h.bins) {
            auto in = std::count_if(all.begin(), all.end(), [&](const Hit& hit) { return hit.time >= bin.begin && hit.time < bin.begin + width; });
            CHECK(bin.count == static_cast<std::uint64_t>(in));
        }
    }
    require_error(ErrorKind::usage, [&] { histogram(reader, f, 1000); }, {"bins"});
}

}  // namespace saring::test
