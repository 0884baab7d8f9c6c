// Retention and purge remove the right records, and counts and sums stay.
#include <filesystem>

#include "hitlog_support.h"
#include "hits/state.h"

namespace saring::hitlog::test {
namespace {

std::uint64_t counted(const Log& log) {
    std::uint64_t n = 0;
    log.look().each_name_hour(0, 0xffffff, [&](const NameHour& r) { n += r.count; });
    return n;
}

std::uint64_t in_all(const Totals& t) {
    std::uint64_t n = 0;
    for (const auto& [key, count] : t.orders) n += count;
    return n;
}

}  // namespace

TEST_CASE("Records older than keep_days are removed by whole segments, and their counts stay") {
    Log log;
    log.options.limits.keep_days = 3;
    Random random(31);
    for (int day = 0; day < 6; ++day)
        log.write(random_hits(random, 10, noon_us + day * day_us), noon_us + day * day_us);
    auto w = log.writer();
    w->flush(noon_us + 5 * day_us);
    w->retire(noon_us + 5 * day_us + second_us * 3);
    auto s = log.look().summary();
    CHECK((s.kept == 30 && s.expired == 30 && s.recorded() == 60));
    CHECK(counted(log) == 60);
    w->retire(noon_us + 50 * day_us);
    s = log.look().summary();
    CHECK((s.kept == 0 && s.expired == 60 && s.recorded() == 60 && s.oldest == 0));
    CHECK(counted(log) == 60);
}

TEST_CASE("Records of a writer that died are counted before they are removed") {
    Log log;
    log.options.limits.keep_days = 1;
    Random random(32);
    auto died = log.writer();
    log.write(*died, random_hits(random, 10));
    HitCounts dropped(10);
    dropped.add_dropped({hour_of(noon_us), "B-1", name("a.example").wire(), "", Action::drop}, 4);
    died->add_dropped(dropped);
    died->flush(noon_us);
    died.reset();
    auto w = log.writer();
    w->flush(noon_us + 3 * day_us);
    w->retire(noon_us + 3 * day_us);
    CHECK(log.read().empty());
    auto s = log.look().summary();
    CHECK((s.recorded() == 10 && s.dropped() == 4 && s.expired == 10));
    CHECK(counted(log) == 14);
    w->close(noon_us + 3 * day_us);
    CHECK(counted(log) == 14);
}

TEST_CASE("Counts older than keep_hours_days are removed, and the sums never fall") {
    Log log;
    log.options.limits.keep_days = 1;
    log.options.limits.keep_hours_days = 10;
    Random random(33);
    log.write(random_hits(random, 100));
    auto w = log.writer();
    for (int day = 0; day < 40; ++day) {
        auto now = noon_us + (day + 1) * day_us;
        log.write(*w, random_hits(random, 10, now), now);
        w->retire(now);
        auto reader = log.look();
        REQUIRE(in_all(reader.totals()) == 100u + 10u * (static_cast<unsigned>(day) + 1));
        REQUIRE(reader.summary().recorded() == 100u + 10u * (static_cast<unsigned>(day) + 1));
    }
    CHECK(counted(log) < 130);
    CHECK(log.files(SegmentKind::counts).size() < 14);
}

TEST_CASE("Counts are not inherited twice if the process dies before it removes their segment") {
    Log log;
    log.options.limits.keep_days = 1;
    log.options.limits.keep_hours_days = 10;
    Random random(34);
    log.write(random_hits(random, 100));
    auto file = log.files(SegmentKind::counts).front();
    auto content = file_bytes(file);
    auto w = log.writer();
    log.write(*w, random_hits(random, 1, noon_us + 20 * day_us), noon_us + 20 * day_us);
    w->retire(noon_us + 20 * day_us);
    CHECK(in_all(log.look().totals()) == 101);
    // As if the process had died after it wrote the sums.
    write_bytes(file + "~0000000000000001", content);
    CHECK(in_all(log.look().totals()) == 101);
    std::filesystem::last_write_time(file + "~0000000000000001",
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(48));
    auto later = log.writer();
    log.write(*later, random_hits(random, 1, noon_us + 21 * day_us), noon_us + 21 * day_us);
    // A claim expires by the ctime of its file, which is now: pass a later time.
    later->retire(now_microseconds() + 3600 * second_us);
    CHECK(in_all(log.look().totals()) == 102);
    CHECK_FALSE(std::filesystem::exists(file + "~0000000000000001"));
}

TEST_CASE("The oldest records are removed when the log exceeds max_size") {
    Log log;
    log.options.limits.max_size = 8u << 20;
    Random random(35);
    auto w = log.writer();
    std::uint64_t written = 0;
    for (int i = 0; i < 300; ++i) {
        auto now = noon_us + i * 60 * second_us;
        std::vector<Hit> hits;
        for (int n = 0; n < 1000; ++n) {
            hits.push_back(random_hit(random, now));
            std::string label;
            for (int k = 0; k < 40; ++k) label.push_back(static_cast<char>('a' + random.below(26)));
            hits.back().qname = name(label + ".site1.example");  // hard to compress
        }
        written += hits.size();
        log.write(*w, hits, now);
        w->retire(now);
        REQUIRE(log.look().summary().bytes < log.options.limits.max_size + (std::uint64_t{1} << 20));
    }
    auto s = log.look().summary();
    CHECK(s.expired > 0);
    CHECK(s.kept + s.expired == written);
    CHECK(log.read().size() == s.kept);
    CHECK(log.look().ends().begin()->second == written);
}

TEST_CASE("A purge removes the records of its subject and no others, and counts stay") {
    Log log;
    Random random(36);
    auto alive = log.writer();
    auto died = log.writer();
    log.write(*died, random_hits(random, 50));
    died.reset();
    for (int i = 0; i < 5; ++i) log.write(random_hits(random, 100, noon_us + i * second_us), noon_us + i * second_us);
    log.write(*alive, random_hits(random, 40), noon_us);
    auto before = log.read();
    auto counts = counted(log);
    HitFilter subject;
    subject.client = parse_client("192.0.1.0/24");
    auto subject_hits = static_cast<std::uint64_t>(
        std::count_if(before.begin(), before.end(), [&](const Hit& h) { return subject.accepts(h); }));
    REQUIRE(subject_hits > 0);
    CHECK(purge_hits(log.options.path, subject, std::chrono::milliseconds(100)).hits == subject_hits);
    CHECK(purge_hits(log.options.path, subject, std::chrono::milliseconds(100)).hits == 0);
    std::erase_if(before, [&](const Hit& h) { return subject.accepts(h); });
    CHECK(log.read() == before);
    for (const auto& file : log.files()) CHECK(file_bytes(file).find(*subject.client) == Bytes::npos);
    auto s = log.look().summary();
    CHECK((s.purged == subject_hits && s.expired == 0 && s.kept + s.purged == s.recorded()));
    CHECK(counted(log) == counts);
    // The writer assumed dead begins a new segment; its next hits are not lost.
    log.write(*alive, random_hits(random, 5, noon_us + 60 * second_us), noon_us + 60 * second_us);
    alive->close(noon_us + 60 * second_us);
    CHECK(log.read().size() == before.size() + 5);
    CHECK(counted(log) == counts + 5);
    // A purge does not free sequences.
    HitFilter all;
    auto ends = log.look().ends();
    purge_hits(log.options.path, all, std::chrono::milliseconds(0));
    CHECK(log.read().empty());
    CHECK(log.look().ends() == ends);
    CHECK(log.look().summary().purged == s.recorded() + 5);
}

TEST_CASE("After a rotation request a writer begins one new segment at its next flush") {
    Log log;
    Random random(37);
    auto w = log.writer();
    log.write(*w, random_hits(random, 10));
    write_bytes(rotation_request_path(log.options.path), "");
    w->flush(noon_us);
    CHECK(log.files().size() == 2);
    log.write(*w, random_hits(random, 10));
    w->flush(noon_us);
    CHECK(log.files().size() == 2);
}

}  // namespace saring::hitlog::test
