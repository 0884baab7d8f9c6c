// What a hit costs the thread that writes the hit log: half a second at 150,000 a second is one flush.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <cmath>
#include <filesystem>

#include "hitlog/writer.h"
#include "hits/client.h"

namespace {

using namespace saring;
using namespace saring::hitlog;

constexpr hits::Microseconds noon = hits::Microseconds{1700000000} * hits::second_us;
constexpr std::size_t names = 20000, clients = 2000, at_once = 75000;

struct Told {
    std::vector<Bytes> listed, asked, clients;
};
const Told& told() {
    static const Told made = [] {
        Told t;
        for (std::size_t i = 0; i < names; ++i) {
            std::string text = "berita-palsu-" + std::to_string(i * 7919 % 1000003) + ".example";
            t.listed.emplace_back(OwnerName::parse(text).wire());
            t.asked.emplace_back(i % 2 ? t.listed.back() : Bytes(OwnerName::parse("www." + text).wire()));
        }
        for (std::size_t i = 0; i < clients; ++i) t.clients.push_back(hits::stored_client(Prefix::parse("198.51." + std::to_string(i / 250) + ".0/24")));
        return t;
    }();
    return made;
}

// A name's rank r comes about as often as 1/r.
Record record(std::uint64_t i) {
    std::uint64_t mixed = (i * 0x9e3779b97f4a7c15u) >> 11;
    auto n = static_cast<std::size_t>(std::pow(static_cast<double>(names), static_cast<double>(mixed) / static_cast<double>(1ull << 53))) % names;
    hitlog::Record r;
    r.time = noon + static_cast<hits::Microseconds>(i % 3'000'000'000u);
    r.client = told().clients[mixed % clients];
    r.region = "ID-JK";
    r.qname = told().asked[n];
    r.matched = told().listed[n];
    r.qtype = 1;
    r.order = "B-1234/CONTOH/PI.02/11/2023";
    r.serial = 7;
    return r;
}

void hit_logged(benchmark::State& state) {
    told();
    char folder[] = "/tmp/saring-bench-hitlog-XXXXXX";
    if (!::mkdtemp(folder)) return state.SkipWithError("no temporary folder");
    std::uint64_t i = 0;
    {
        hitlog::WriterOptions options;
        options.path = std::string(folder) + "/hits";
        hitlog::HitLogWriter writer(options);
        std::vector<hitlog::Record> some(at_once);
        for (auto _ : state) {
            state.PauseTiming();
            for (auto& r : some) r = record(i++);
            state.ResumeTiming();
            for (const auto& r : some) writer.add(r);
            writer.flush(noon);
        }
        writer.close(noon);
        std::uintmax_t bytes = 0;
        for (const auto& entry : std::filesystem::directory_iterator(options.path)) bytes += entry.file_size();
        state.counters["bytes_a_hit"] = static_cast<double>(bytes) / static_cast<double>(i);
    }
    state.counters["ns_a_hit"] = benchmark::Counter(static_cast<double>(i) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    std::filesystem::remove_all(folder);
}
BENCHMARK(hit_logged)->Unit(benchmark::kMillisecond);

}  // namespace
