// Compares the results of random filters with a linear search of the same hits.
#include "hitlog_support.h"
#include "hits/state.h"

namespace saring::hitlog::test {
namespace {

HitFilter random_filter(Random& random) {
    HitFilter f;
    if (random.one_in(3)) f.order = "B-" + std::to_string(random.below(6)) + "/2024";
    if (random.one_in(3))
        f.name = name(random.pick<std::string>(
            {"example", "test", "site1.example", "www.site2.example", "www.alias1.test", "nothing.example", "."}));
    if (random.one_in(3))
        f.client = parse_client(
            random.pick<std::string>({"192.0.0.0/16", "192.0.1.0/24", "192.0.1.2", "198.51.0.0/24", "2001:db8::/32"}));
    if (random.one_in(4)) f.region = random.pick<std::string>({"", "ID-JK", "ID-XX"});
    if (random.one_in(4)) f.action = Action::nxdomain;
    if (random.one_in(6)) f.instance = random.pick<std::string>({"ns1.isp.example", "ns2.isp.example"});
    if (random.one_in(5)) f.among = std::set<std::string>{"B-1/2024", "B-" + std::to_string(random.below(6)) + "/2024"};
    if (random.one_in(5))
        f.match = NameGlob::parse(
            random.pick<std::string>({"site", "www.*", "*.test", "203.0.113.1*", "site?.example", "nothing"}),
            "--match");
    if (random.one_in(6)) f.qtype = static_cast<std::uint16_t>(random.pick<int>({1, 28, 15}));
    if (random.one_in(6)) f.transport = static_cast<Transport>(random.below(5));
    if (random.one_in(6)) f.trigger = static_cast<Trigger>(random.below(3));
    if (random.one_in(3)) f.since = noon_us + static_cast<Microseconds>(random.below(5)) * 1800 * second_us;
    if (random.one_in(3)) f.until = noon_us + static_cast<Microseconds>(random.below(5)) * 3600 * second_us + 300'000;
    return f;
}

}  // namespace

TEST_CASE("Every filter finds the same hits as a linear search, in order of time") {
    Log log;
    Random random(21);
    auto w = log.writer();
    for (int flush = 0; flush < 40; ++flush) {
        if (flush % 13 == 7) w = log.writer();
        log.write(
            *w,
            random_hits(random, random.between(1, 40), noon_us + static_cast<Microseconds>(random.below(3)) * hour_us),
            noon_us + flush * hour_us / 10);
    }
    auto all = log.read();
    REQUIRE(all.size() > 300);
    std::size_t found = 0;
    for (int round = 0; round < 400; ++round) {
        HitFilter f = random_filter(random);
        std::vector<Hit> wanted;
        std::copy_if(all.begin(), all.end(), std::back_inserter(wanted), [&](const Hit& h) { return f.accepts(h); });
        found += wanted.size();
        REQUIRE(log.read(f) == wanted);
        std::reverse(wanted.begin(), wanted.end());
        REQUIRE(log.read(f, HitsReader::Direction::newest_first) == wanted);
        std::size_t counted = 0;
        log.look().each_columns(
            f, [&](const RecordColumns&, const std::vector<std::uint32_t>& rows) { counted += rows.size(); });
        REQUIRE(counted == wanted.size());
    }
    CHECK(found > 1000);
}

TEST_CASE("A reader with a position reads only later hits of each run") {
    Log log;
    Random random(22);
    auto one = log.writer(), other = log.writer();
    log.write(*one, random_hits(random, 10));
    log.write(*other, random_hits(random, 10));
    auto position = log.look().ends();
    CHECK(position.size() == 2);
    log.write(*one, random_hits(random, 5, noon_us + second_us), noon_us + second_us);
    std::vector<Hit> found;
    auto reader = log.look();
    reader.each(
        {}, HitsReader::Direction::oldest_first, [&](const Hit& h) { return found.push_back(h), true; }, &position);
    CHECK(found.size() == 5);
    for (const auto& h : found) CHECK(h.sequence > 10);
}

TEST_CASE("A reader may stop early, and one HitLog serves many readers") {
    Log log;
    Random random(23);
    auto known = std::make_shared<HitLog>(log.options.path);
    auto w = log.writer();
    std::uint64_t written = 0;
    for (int i = 0; i < 20; ++i) {
        log.write(*w, random_hits(random, 10, noon_us + i * 600 * second_us), noon_us + i * 600 * second_us);
        written += 10;
        HitsReader reader(known);
        CHECK(reader.summary().kept == written);
        std::vector<Hit> last;
        reader.each({}, HitsReader::Direction::newest_first,
                    [&](const Hit& h) { return last.push_back(h), last.size() < 3; });
        CHECK(last.size() == 3);
        CHECK(last[0].time >= last[1].time);
        CHECK(last[2].time >= noon_us + i * 600 * second_us);
    }
}

TEST_CASE("A run's records are read in order of sequence, also after the clock was set back") {
    Log log;
    Random random(25);
    auto w = log.writer();
    for (auto now : {noon_us, noon_us - 5 * hour_us, noon_us + 2 * hour_us, noon_us - 9 * hour_us})
        log.write(*w, random_hits(random, 20, now), now);
    w->close(noon_us);
    REQUIRE(log.files().size() >= 3);  // the clock was set across hours three times
    auto reader = log.look();
    std::uint64_t next = 31;
    reader.each_of_run(reader.runs().front().id, 30, [&](const RecordColumns& c) {
        for (auto sequence : c.sequence)
            if (sequence > 30) CHECK(sequence == next++);
        return true;
    });
    CHECK(next == 81);
    auto hits = log.read();
    CHECK(std::is_sorted(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.time < b.time; }));
}

TEST_CASE("The position of each consumer is kept by run") {
    Log log;
    Random random(24);
    log.write(random_hits(random, 10));
    auto run = log.look().runs().front().id;
    CHECK(shipped(log.options.path, "vector").empty());
    set_shipped(log.options.path, "vector", {{run, 7}});
    set_shipped(log.options.path, "a.b-c_d", {{run, 3}, {run + 1, 4}});
    CHECK(shipped(log.options.path, "vector") == Position{{run, 7}});
    auto s = log.look().summary();
    REQUIRE(s.consumers.size() == 2);
    CHECK((s.consumers[0].name == "a.b-c_d" && s.consumers[0].sequence == 3));
    CHECK((s.consumers[1].name == "vector" && s.consumers[1].sequence == 7));
}

TEST_CASE("A missing hit log differs from an empty one") {
    Log log;
    CHECK_THROWS_AS(log.look(), NoHitLog);
    auto w = log.writer();
    w->flush(noon_us);
    CHECK(log.read().empty());
    CHECK(log.look().summary().recorded() == 0);
    w->close(noon_us);
    CHECK(log.files().empty());
    CHECK(log.read().empty());
}

}  // namespace saring::hitlog::test
