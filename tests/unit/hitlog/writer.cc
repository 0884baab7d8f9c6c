// The files of a writer: segments, when they end, and pending hits while the disk cannot be written.
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <set>

#include "hitlog_support.h"

namespace saring::hitlog::test {

TEST_CASE("Hits are read while their writer is running, and a closed segment is read by its index") {
    Log log;
    Random random(11);
    auto w = log.writer();
    auto first = random_hits(random, 10), second = random_hits(random, 20, noon_us + 5 * second_us);
    log.write(*w, first);
    auto before = log.look();
    log.write(*w, second, noon_us + 5 * second_us);
    CHECK(before.summary().kept == 10);
    auto all = first;
    all.insert(all.end(), second.begin(), second.end());
    CHECK(log.read() == by_time(numbered(all)));
    CHECK_FALSE(log.look().segments().front()->is_closed());
    w->close(noon_us);
    auto s = log.look().segments().front();
    CHECK((s->is_closed() && s->is_counted()));
    CHECK((s->hits() == 30 && s->first_sequence() == 1 && s->last_sequence() == 30));
    CHECK(log.read() == by_time(numbered(all)));
    CHECK(w->recorded() == 30);
}

TEST_CASE("A writer begins a new segment at the hour and when one is full; sequences continue") {
    Log log;
    log.options.limits.max_size = 16u << 20;  // a segment: 1 MiB
    Random random(12);
    auto w = log.writer();
    std::uint64_t written = 0;
    for (int i = 0; i < 60; ++i) {
        std::vector<Hit> hits;
        for (int n = 0; n < 1000; ++n) {
            hits.push_back(random_hit(random));
            hits.back().qname = name("n" + std::to_string(random.below(1u << 30)) +
                                     std::to_string(random.below(1u << 30)) + ".site1.example");
            hits.back().client = stored_client(Prefix::parse("2001:db8:" + std::to_string(random.below(9999)) +
                                                             "::" + std::to_string(random.below(9999))));
        }
        written += hits.size();
        log.write(*w, hits, noon_us);
    }
    auto of_size = log.files().size();
    CHECK(of_size > 1);
    for (const auto& file : log.files()) CHECK(std::filesystem::file_size(file) < (1u << 20) + (1u << 18));
    log.write(*w, random_hits(random, 10, noon_us + hour_us), noon_us + hour_us);
    CHECK(log.files().size() > of_size);
    auto files = log.files().size();
    w->flush(noon_us + hour_us + second_us);
    CHECK(log.files().size() == files);
    // Without hits no further segments are made.
    w->flush(noon_us + 2 * hour_us);
    auto idle = log.files().size();
    w->flush(noon_us + 3 * hour_us);
    w->flush(noon_us + 4 * hour_us);
    CHECK(log.files().size() == idle);
    w->close(noon_us + 4 * hour_us);
    std::set<std::uint64_t> sequences;
    for (const auto& h : log.read()) sequences.insert(h.sequence);
    CHECK(sequences.size() == written + 10);
    CHECK(*sequences.rbegin() == written + 10);
}

TEST_CASE("Two writers in one folder have separate segments, runs and sequences") {
    Log log;
    Random random(13);
    auto one = log.writer(), other = log.writer();
    for (int i = 0; i < 10; ++i) {
        log.write(*one, random_hits(random, 3, noon_us + i * second_us), noon_us + i * second_us);
        log.write(*other, random_hits(random, 5, noon_us + i * second_us), noon_us + i * second_us);
    }
    one->close(noon_us + 10 * second_us);
    CHECK(log.files().size() == 2);
    auto reader = log.look();
    auto runs = reader.runs();
    REQUIRE(runs.size() == 2);
    CHECK(runs[0].id != runs[1].id);
    CHECK(runs[0].last_sequence + runs[1].last_sequence == 80);
    auto s = reader.summary();
    CHECK((s.recorded() == 80 && s.kept == 80 && s.last_sequence == 80 && s.dropped() == 0 && s.expired == 0));
    auto hits = log.read();
    CHECK(std::is_sorted(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.time < b.time; }));
}

TEST_CASE("Hits of a writer that died are kept and counted once, and the next run begins new segments") {
    Log log;
    Random random(14);
    auto died = log.writer();
    log.write(*died, random_hits(random, 10));
    died.reset();
    auto file = log.files().front();
    write_bytes(file, file_bytes(file) + "half a frame");
    log.write(random_hits(random, 5, noon_us + second_us));
    auto reader = log.look();
    CHECK(reader.summary().recorded() == 15);
    CHECK(reader.summary().kept == 15);
    std::uint64_t counted = 0;
    reader.each_order_hour(0, 0xffffff, [&](const OrderHour& o) { counted += o.count; });
    CHECK(counted == 15);
    std::uint64_t torn = 0;
    for (const auto& segment : reader.segments()) torn += segment->torn_bytes();
    CHECK(torn == 12);
    CHECK(reader.damage().empty());
}

TEST_CASE("Counts by hour equal a recount of the records at any time") {
    Log log;
    Random random(15);
    std::map<std::tuple<Hour, std::string, std::string, Action>, std::uint64_t> orders;
    std::map<std::tuple<Hour, std::string, std::string>, std::uint64_t> names;
    auto w = log.writer();
    for (int i = 0; i < 12; ++i) {
        auto now = noon_us + i * hour_us / 3;
        auto hits = random_hits(random, 50, now);
        for (const auto& h : hits) {
            ++orders[{hour_of(h.time), h.order, h.region, h.action}];
            ++names[{hour_of(h.time), h.order, h.matched()}];
        }
        log.write(*w, hits, now);
        if (i == 5) w = log.writer();  // the previous writer dies; no counts cover its last frames
        decltype(orders) orders_kept;
        decltype(names) names_kept;
        auto reader = log.look();
        reader.each_order_hour(0, 0xffffff, [&](const OrderHour& o) {
            orders_kept[{o.hour, std::string(o.order), std::string(o.region), o.action}] += o.count;
        });
        reader.each_name_hour(0, 0xffffff, [&](const NameHour& n) {
            names_kept[{n.hour, n.order, n.matched}] += n.count;
        });
        REQUIRE(orders == orders_kept);
        REQUIRE(names == names_kept);
        std::map<std::pair<std::string, Action>, std::uint64_t> totals;
        for (const auto& [k, n] : orders) totals[{std::get<1>(k), std::get<3>(k)}] += n;
        REQUIRE(reader.totals().orders == totals);
    }
    auto first = hour_of(noon_us);
    std::uint64_t of_first = 0;
    log.look().each_order_hour(first, first + 1, [&](const OrderHour& o) { of_first += o.count * (o.hour == first); });
    CHECK(of_first > 0);
    CHECK(of_first < 600);
}

TEST_CASE("While the disk cannot be written hits are pending, then only counted; later all are written") {
    Log log;
    log.options.max_waiting = 40000;
    Random random(16);
    auto w = log.writer();
    write_bytes(log.options.path, "a file where the folder belongs");
    std::uint64_t added = 0;
    for (int i = 0; i < 100; ++i) {
        for (const auto& h : random_hits(random, 1000, noon_us + i * second_us)) w->add(RecordOf(h));
        added += 1000;
        require_error(ErrorKind::database, [&] { w->flush(noon_us); }, {"cannot create"});
        REQUIRE(w->waiting() == added);
        REQUIRE(w->waiting_bytes() < 40000u + (400u << 10));
    }
    CHECK(w->recorded() == 0);
    std::filesystem::remove(log.options.path);
    w->flush(noon_us);
    CHECK(w->waiting() == 0);
    w->close(noon_us);
    auto s = log.look().summary();
    CHECK(s.recorded() > 1000);
    CHECK(s.dropped() > 1000);
    CHECK(s.recorded() + s.dropped() == added);
    CHECK(s.kept == s.recorded());
    std::uint64_t counted = 0, dropped = 0;
    log.look().each_name_hour(0, 0xffffff, [&](const NameHour& n) { counted += n.count; });
    log.look().each_dropped_hour(0, 0xffffff, [&](Hour, std::uint64_t n) { dropped += n; });
    CHECK(counted == added);
    CHECK(dropped == s.dropped());
    std::uint64_t next = 1;
    auto hits = log.read();
    std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.sequence < b.sequence; });
    for (const auto& h : hits) REQUIRE(h.sequence == next++);
}

TEST_CASE("A full disk loses no written frame, and the writer continues when there is space") {
    Log log;
    std::string folder = log.options.path;
    REQUIRE(::mkdir(folder.c_str(), 0700) == 0);
    if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=256k") != 0) {
        WARN("skipped: mount is not permitted");
        return;
    }
    struct Unmounted {
        std::string path;
        ~Unmounted() { ::umount2(path.c_str(), MNT_DETACH); }
    } unmounted{folder};
    Random random(17);
    auto w = log.writer();
    std::uint64_t added = 0;
    bool failed = false;
    auto add_hit = [&] {
        auto h = random_hit(random, noon_us);
        h.qname = name("n" + std::to_string(random.below(1u << 30)) + ".site1.example");
        w->add(RecordOf(h));
        ++added;
    };
    write_bytes(folder + "/filler", Bytes(100 << 10, 'x'));
    for (int i = 0; i < 100 && !failed; ++i) {
        for (int n = 0; n < 500; ++n) add_hit();
        failed = error_of([&] { w->flush(noon_us); }).has_value();
    }
    REQUIRE(failed);
    CHECK(log.read().size() == w->recorded());
    for (int n = 0; n < 500; ++n) add_hit();
    require_error(ErrorKind::database, [&] { w->flush(noon_us); }, {"No space left"});
    ::unlink((folder + "/filler").c_str());
    w->close(noon_us);
    auto s = log.look().summary();
    CHECK(s.recorded() + s.dropped() == added);
    CHECK(log.read().size() == s.recorded());
    CHECK(log.look().damage().empty());
}

TEST_CASE("A folder that is moved away keeps its hits, and the writer makes a new one") {
    Log log;
    Random random(18);
    auto w = log.writer();
    log.write(*w, random_hits(random, 10));
    std::filesystem::rename(log.options.path, log.dir / "old");
    log.write(*w, random_hits(random, 7, noon_us + second_us), noon_us + second_us);
    w->close(noon_us + second_us);
    CHECK(log.read().size() == 7);
    auto old = HitsReader(std::make_shared<HitLog>(log.dir / "old"));
    CHECK((old.summary().kept == 10 && old.summary().recorded() == 10));
    CHECK(log.look().summary().recorded() == 7);
}

TEST_CASE("Removing the segment of a running writer loses the hits in it and no others") {
    Log log;
    Random random(19);
    auto w = log.writer();
    log.write(*w, random_hits(random, 10));
    std::filesystem::remove(log.files().front());
    log.write(*w, random_hits(random, 7, noon_us + second_us), noon_us + second_us);
    w->close(noon_us + second_us);
    CHECK(log.read().size() == 7);
    CHECK(log.look().summary().recorded() == 7);
}

}  // namespace saring::hitlog::test
