// Hits on their way from workers to the log, with real threads.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <thread>

#include "../hitlog/hitlog_support.h"
#include "recording/hit_recording.h"
#include "recording/overflow.h"
#include "recording/queue.h"
#include "recording/recorder.h"

namespace saring::test::module_hit_queue_test {
namespace {

HitEvent hit(const std::string& order, const OwnerName& qname, const Prefix& client) {
    static const OwnerName listed = name("hoax.example");
    return {hitlog::now_microseconds(),
            &client,
            hitlog::Transport::udp,
            qname.wire(),
            1,
            policy::Trigger::qname,
            policy::Action::nxdomain,
            listed.wire(),
            order,
            7};
}

// As a worker does.
void tell(HitRecorder& recorder, const HitEvent& seen, ByteView region) {
    if (!recorder.record(seen)) recorder.count(seen, region);
}

struct Recount {
    std::uint64_t records = 0, dropped = 0, by_order = 0, by_name = 0;
    explicit Recount(const config::HitsConfig& config) {
        hits::HitsReader reader(std::make_shared<hits::HitLog>(config.path));
        records = reader.summary().recorded();
        dropped = reader.summary().dropped();
        reader.each_order_hour(0, 0xffffff, [&](const hits::OrderHour& o) { by_order += o.count; });
        reader.each_name_hour(0, 0xffffff, [&](const hits::NameHour& n) { by_name += n.count; });
    }
};

}  // namespace

TEST_CASE("A queue returns its entries in order, whatever their sizes, or refuses at once") {
    HitQueue queue(1024);
    Random random(31);
    std::thread consumer;
    std::atomic<bool> done{false};
    std::string taken, given;
    consumer = std::thread([&] {
        for (;;) {
            bool last = done;
            auto before = taken.size();
            queue.drain([&](ByteView v) { taken += v; });
            if (last) return;
            if (taken.size() == before) std::this_thread::yield();
        }
    });
    std::uint64_t refused = 0;
    for (int i = 0; i < 50000; ++i) {
        std::string entry(random.between(1, 300), static_cast<char>('a' + i % 26));
        char* at = queue.reserve(entry.size());
        if (!at) {
            ++refused;
            std::this_thread::yield();
            continue;
        }
        entry.copy(at, entry.size());
        queue.publish(entry.size());
        given += entry;
    }
    done = true;
    consumer.join();
    CHECK(taken == given);
    CHECK(refused > 0);
}

TEST_CASE("No count is lost when counts are taken while a worker counts") {
    OverflowCounts overflow;
    std::atomic<bool> done{false};
    constexpr std::uint64_t n = 100000;
    std::thread worker([&] {
        for (std::uint64_t i = 0; i < n; ++i)
            overflow.count([&](hitlog::HitCounts& c) {
                c.add_dropped({static_cast<hitlog::Hour>(i % 3), "B-1", name("hoax.example").wire(), "",
                               policy::Action::nxdomain});
            });
        done = true;
    });
    std::uint64_t taken = 0;
    for (bool last = false;;) {
        if (auto counts = overflow.take()) taken += counts->total();
        if (last) break;
        last = done;
    }
    worker.join();
    CHECK(taken == n);
}

TEST_CASE("Records and drops add up to the hits of the workers, and the aggregates to both") {
    TempDir dir;
    config::HitsConfig config;
    config.path = dir / "hits";
    config.queue_size = 64 << 10;  // overflows at once
    auto locator = std::make_shared<const geo::Locator>(geo::LocationConfig{});
    constexpr int workers = 3, each = 60000;
    HitRecording::Progress progress;
    for (int load = 0; load < 2; ++load) {  // again, as after a reload
        HitRecording recording(config, [&] { return locator; });
        std::vector<std::thread> threads;
        for (int w = 0; w < workers; ++w)
            threads.emplace_back([&, w] {
                HitRecorder& recorder = recording.new_recorder();
                std::string order = "B-" + std::to_string(w);
                Prefix client = Prefix::parse("192.0.2." + std::to_string(w));
                OwnerName qname = name("www.hoax.example");
                for (int i = 0; i < each; ++i) tell(recorder, hit(order, qname, client), "ID-JK");
            });
        for (auto& t : threads) t.join();
    }
    Recount r(config);
    CHECK(r.records > 0);
    CHECK(r.dropped > 0);
    CHECK(r.records + r.dropped == 2 * workers * each);
    CHECK(r.by_order == r.records + r.dropped);
    CHECK(r.by_name == r.records + r.dropped);
}

TEST_CASE("Only the configured form of a client reaches the database") {
    auto locator = std::make_shared<const geo::Locator>(geo::LocationConfig{});
    const std::map<config::ClientPrivacy, std::string> wanted{
        {config::ClientPrivacy::prefix, "203.0.113.0/24"},
        {config::ClientPrivacy::none, ""},
        {config::ClientPrivacy::full, Prefix::parse("203.0.113.77").to_string()},
        {config::ClientPrivacy::keyed, "~"}};
    for (const auto& [privacy, shown] : wanted) {
        TempDir dir;
        config::HitsConfig config;
        config.path = dir / "hits";
        config.client = privacy;
        {
            HitRecording recording(config, [&] { return locator; });
            std::string order = "B-1";
            auto& recorder = recording.new_recorder();
            tell(recorder, hit(order, name("hoax.example"), Prefix::parse("203.0.113.77")), "");
        }
        hits::HitsReader reader(std::make_shared<hits::HitLog>(config.path));
        std::string text = "nothing recorded";
        reader.each({}, hits::HitsReader::Direction::oldest_first, [&](const hitlog::Hit& h) {
            text = hitlog::client_text(h.client);
            return true;
        });
        INFO(text);
        if (privacy == config::ClientPrivacy::keyed) CHECK((text.size() == 17 && text[0] == '~'));
        else CHECK(text == shown);
    }
}

TEST_CASE("Hits that cannot be written wait, are counted, and are recorded once they can") {
    TempDir dir;
    config::HitsConfig config;
    config.path = dir / "missing/hits";
    auto locator = std::make_shared<const geo::Locator>(geo::LocationConfig{});
    constexpr int n = 1000;
    {
        HitRecording recording(config, [&] { return locator; });
        auto& recorder = recording.new_recorder();
        std::string order = "B-1";
        OwnerName qname = name("hoax.example");
        Prefix client = Prefix::parse("192.0.2.1");
        for (int i = 0; i < n; ++i) tell(recorder, hit(order, qname, client), "");
        auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (recording.progress().failing.empty() && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        CHECK_THAT(recording.progress().failing, Catch::Contains("missing/hits"));
        while (recording.progress().waiting < n && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        CHECK(recording.progress().waiting == n);
        REQUIRE(std::system(("mkdir " + (dir / "missing")).c_str()) == 0);
        while (recording.progress().recorded < n && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        CHECK(recording.progress().recorded == n);
        CHECK(recording.progress().failing.empty());
    }
    CHECK(Recount(config).records == n);
}

}  // namespace saring::test::module_hit_queue_test
