#include "hits/tally.h"

#include <map>

#include "hits_support.h"

namespace saring::test::hits_tally_test {
namespace {

constexpr hits::Microseconds hour_us = 3600 * hits::second_us;

std::string key_of(const hits::Hit& h, hits::TallyBy by) {
    switch (by) {
        case hits::TallyBy::name: return h.matched();
        case hits::TallyBy::qname: return h.qname.to_string();
        case hits::TallyBy::order: return h.order;
        case hits::TallyBy::region: return h.region;
        case hits::TallyBy::action: return to_string(h.action);
        case hits::TallyBy::client: return hits::client_text(h.client);
        case hits::TallyBy::asn: return h.asn ? "AS" + std::to_string(h.asn) : "";
        case hits::TallyBy::instance: return h.instance;
        case hits::TallyBy::qtype: return hits::qtype_text(h.qtype);
        case hits::TallyBy::transport: return to_string(h.transport);
        case hits::TallyBy::trigger: return to_string(h.trigger);
    }
    return "?";
}

std::map<std::string, std::uint64_t> recount(const std::vector<hits::Hit>& hits, const hits::HitFilter& f, hits::TallyBy by) {
    std::map<std::string, std::uint64_t> out;
    for (const auto& h : hits)
        if (f.accepts(h)) ++out[key_of(h, by)];
    return out;
}

std::map<std::string, std::uint64_t> rows(const hits::Tally& t) {
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
    hits::HitsReader reader(store.db);
    hits::Microseconds hour = noon_us / hour_us * hour_us;
    for (auto by : {hits::TallyBy::name, hits::TallyBy::order, hits::TallyBy::region, hits::TallyBy::client})
        for (bool whole : {true, false}) {
            hits::HitFilter f;
            f.since = hour + hour_us + !whole;
            f.until = hour + 3 * hour_us + !whole;
            if (by != hits::TallyBy::order) f.order = "B-1/2024";
            auto t = tally(reader, by, f, 1000);
            CHECK(rows(t) == recount(all, f, by));
            CHECK(t.from_records == (!whole || by == hits::TallyBy::client));
        }
}

TEST_CASE("A tally of the records counts by whatever a hit has") {
    HitsStore store;
    Random random(44);
    for (int i = 0; i < 5; ++i) store.write(random_hits(random, 100));
    auto all = store.read();
    hits::HitsReader reader(store.db);
    hits::HitFilter some;
    some.name = name("site1.example");
    some.after = 50;
    for (auto by : {hits::TallyBy::name, hits::TallyBy::qname, hits::TallyBy::order, hits::TallyBy::region, hits::TallyBy::action, hits::TallyBy::client, hits::TallyBy::asn, hits::TallyBy::instance,
                    hits::TallyBy::qtype, hits::TallyBy::transport, hits::TallyBy::trigger}) {
        auto t = tally(reader, by, some, 1000);
        CHECK(t.from_records);
        CHECK(rows(t) == recount(all, some, by));
    }
}

TEST_CASE("A tally shows the most first and tells of the rest") {
    HitsStore store;
    Random random(42);
    store.write(random_hits(random, 500));
    hits::HitsReader reader(store.db);
    auto all = tally(reader, hits::TallyBy::name, {}, 1000), top = tally(reader, hits::TallyBy::name, {}, 2);
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
    hits::HitsReader reader(store.db);
    hits::HitFilter f;
    f.since = noon_us / hour_us * hour_us - hour_us;
    f.until = f.since + 8 * hour_us;
    for (hits::Microseconds width : {hour_us, 600 * hits::second_us}) {
        auto h = histogram(reader, f, width);
        REQUIRE(h.bins.size() == static_cast<std::size_t>(8 * hour_us / width));
        CHECK(h.total == 500);
        CHECK(h.from_records == (width != hour_us));
        for (const auto& bin : h.bins) {
            auto in = std::count_if(all.begin(), all.end(), [&](const hits::Hit& hit) { return hit.time >= bin.begin && hit.time < bin.begin + width; });
            CHECK(bin.count == static_cast<std::uint64_t>(in));
        }
    }
    require_error(ErrorKind::usage, [&] { histogram(reader, f, 1000); }, {"bins"});
}

}  // namespace saring::test::hits_tally_test
