// A process that writes hits is killed at random moments, 25 times: every hit that it reported as written is read.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <map>

#include "hitlog_support.h"

namespace saring::hitlog::test {
namespace {

// Writes until it is killed. Reports after each flush how many hits are written.
[[noreturn]] void write_for_ever(const WriterOptions& options, int report_fd) {
    HitLogWriter w(options);
    Random random(static_cast<std::uint32_t>(::getpid()));
    for (Microseconds now = noon_us;;
         now += 20 * second_us) {  // the hour passes quickly, so that segments are closed too
        for (const auto& h : random_hits(random, random.between(1, 50), now)) w.add(RecordOf(h));
        w.flush(now);
        std::uint64_t report[2] = {w.run(), w.recorded()};
        if (::write(report_fd, report, sizeof report) != sizeof report) ::_exit(1);
    }
}

}  // namespace

TEST_CASE("A writer killed at any moment loses nothing that was flushed, and its counts add up") {
    Log log;
    Random random(51);
    std::map<RunId, std::uint64_t> flushed;
    for (int round = 0; round < 25; ++round) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::close(ends[0]);
            write_for_ever(log.options, ends[1]);
        }
        ::close(ends[1]);
        std::uint64_t report[2] = {};
        auto reports = random.between(1, 300);
        for (std::size_t i = 0; i < reports && ::read(ends[0], report, sizeof report) == sizeof report; ++i)
            flushed[report[0]] = report[1];
        ::kill(child, SIGKILL);
        while (::read(ends[0], report, sizeof report) == sizeof report) flushed[report[0]] = report[1];
        ::close(ends[0]);
        ::waitpid(child, nullptr, 0);
    }
    auto reader = log.look();
    std::map<RunId, std::uint64_t> found;
    std::uint64_t records = 0, counted = 0;
    for (const auto& run : reader.runs()) {
        std::uint64_t next = 1;
        reader.each_of_run(run.id, 0, [&](const RecordColumns& c) {
            for (auto sequence : c.sequence) REQUIRE(sequence == next++);
            return true;
        });
        found[run.id] = next - 1;
        records += next - 1;
    }
    for (const auto& [run, n] : flushed) CHECK(found[run] >= n);
    reader.each_order_hour(0, 0xffffff, [&](const OrderHour& o) { counted += o.count; });
    auto s = reader.summary();
    CHECK((counted == records && s.recorded() == records && s.kept == records && s.expired == 0));
    CHECK(reader.damage().empty());
}

}  // namespace saring::hitlog::test
