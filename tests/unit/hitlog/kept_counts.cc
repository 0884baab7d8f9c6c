// A log that is looked at again and again: what was kept of earlier looks changes no figure.
#include "hitlog/retention.h"
#include "hitlog_support.h"
#include "hits/tally.h"

namespace saring::hitlog::test {
namespace kept_counts_test {
namespace {

std::vector<std::pair<std::string, std::uint64_t>> rows_of(const Tally& t) {
    std::vector<std::pair<std::string, std::uint64_t>> out;
    for (const auto& r : t.rows) out.emplace_back(r.key + " " + r.order, r.count);
    out.emplace_back("total", t.total);
    out.emplace_back("distinct", t.distinct);
    return out;
}

void require_same(const HitsReader& kept, const HitsReader& fresh, const HitFilter& f) {
    for (auto by : {TallyBy::order, TallyBy::region, TallyBy::action, TallyBy::name, TallyBy::qname})
        REQUIRE(rows_of(tally(kept, by, f, 3)) == rows_of(tally(fresh, by, f, 3)));
    REQUIRE(rows_of(tally_with_orders(kept, TallyBy::name, f, 100)) ==
            rows_of(tally_with_orders(fresh, TallyBy::name, f, 100)));
    auto dropped = [](const HitsReader& r) {
        std::map<Hour, std::uint64_t> out;
        r.each_dropped_hour(0, 0xffffff, [&](Hour hour, std::uint64_t n) { out[hour] += n; });
        return out;
    };
    REQUIRE(dropped(kept) == dropped(fresh));
    auto a = kept.summary(), b = fresh.summary();
    REQUIRE(a.recorded() == b.recorded());
    REQUIRE(a.dropped() == b.dropped());
    REQUIRE(a.kept == b.kept);
    auto since = f.since, until = f.until;
    std::uint64_t n = 0;
    fresh.each(f, HitsReader::Direction::oldest_first, [&](const Hit&) { return ++n, true; });
    REQUIRE(kept.count(since, until) == n);
}

TEST_CASE("Counts kept from earlier looks change no figure, whatever is written, dropped and retired between them") {
    Random random(20);
    Log log;
    log.options.limits.keep_hours_days = 3;
    log.options.limits.keep_days = 2;
    auto kept = std::make_shared<HitLog>(log.options.path);
    auto now = noon_us;  // goes on for some six days
    std::unique_ptr<HitLogWriter> writer;
    int ended_looks = 0;
    for (int step = 0; step < 60; ++step) {
        if (!writer) writer = log.writer();
        std::vector<Hit> hits;
        for (std::size_t i = random.below(50); i > 0; --i) hits.push_back(random_hit(random, now));
        log.write(*writer, hits, now);
        if (random.one_in(4)) {
            HitCounts dropped(10);
            Hit h = random_hit(random, now);
            RecordOf record(h);
            dropped.add_dropped(static_cast<const Record&>(record).key(), 1 + random.below(5));
            writer->add_dropped(dropped);
            writer->flush(now);
        }
        if (random.one_in(5)) writer->retire(now);
        if (random.one_in(6)) {
            writer->close(now);
            writer.reset();
        }
        now += static_cast<Microseconds>(random.below(5)) * hour_us / 2;
        HitFilter f;
        if (random.one_in(2)) f.since = (now - 30 * hour_us) / hour_us * hour_us;
        if (random.one_in(3)) f.until = now / hour_us * hour_us;
        if (f.since >= f.until) continue;
        if (random.one_in(2)) {  // an earlier look that was ended: the next goes on
            auto frames = random.below(8);
            HitsReader ended(kept, [&] { return frames-- == 0; });
            try {
                tally(ended, TallyBy::order, f, 3);
                tally(ended, TallyBy::name, f, 3);
            } catch (const LookEnded&) { ++ended_looks; }
        }
        HitsReader again(kept), fresh(std::make_shared<HitLog>(log.options.path));
        require_same(again, fresh, f);
    }
    CHECK(ended_looks > 3);
}

}  // namespace
}  // namespace kept_counts_test
}  // namespace saring::hitlog::test
