// Cost of a hit for the worker that queues it and for the thread that writes it.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <cmath>
#include <filesystem>

#include "hitlog/client.h"
#include "hitlog/writer.h"
#include "recording/recorder.h"

namespace {

using namespace saring;

constexpr hitlog::Microseconds noon = hitlog::Microseconds{1700000000} * hitlog::second_us;

constexpr std::string_view order = "B-1234/CONTOH/PI.02/11/2023";

// SampleHits by clients of many networks; few names are asked often, most seldom.
struct SampleHits {
    std::vector<OwnerName> listed;  // 100,000, of which a few are queried often
    std::vector<Prefix> clients;
};

const SampleHits& sample_hits() {
    static const SampleHits made = [] {
        SampleHits t;
        for (int i = 0; i < 100'000; ++i)
            t.listed.push_back(OwnerName::parse("www.kabar" + std::to_string(i * 7919 % 100'000) + "-hoaks.example"));
        for (int i = 0; i < 1000; ++i)
            t.clients.push_back(Prefix::parse("198.51." + std::to_string(i / 250) + "." + std::to_string(i % 250)));
        return t;
    }();
    return made;
}

// The i-th of a sequence in which a name's rank r comes about as often as 1/r.
const OwnerName& pick(std::uint64_t i) {
    constexpr std::size_t queried = 4096;
    const auto& listed = sample_hits().listed;
    std::uint64_t mixed = (i * 0x9e3779b97f4a7c15u) >> 11;
    double u = static_cast<double>(mixed) / static_cast<double>(1ull << 53);
    return listed[static_cast<std::size_t>(std::pow(static_cast<double>(queried), u)) % queried];
}

HitEvent hit_of(std::uint64_t i, const OwnerName& listed) {
    ByteView name = listed.wire();
    return {noon + static_cast<hitlog::Microseconds>(i),
            &sample_hits().clients[i % sample_hits().clients.size()],
            hitlog::Transport::udp,
            name,
            1,
            policy::Trigger::qname,
            policy::Action::nxdomain,
            name,
            order,
            7};
}

void hit_told(benchmark::State& state) {
    sample_hits();  // made before timing starts
    HitRecorder recorder(8 << 20);
    std::uint64_t i = 0;
    for (auto _ : state) {
        ++i;
        if (recorder.record(hit_of(i, pick(i)))) continue;
        state.PauseTiming();
        recorder.drain([](hitlog::Record&, const std::optional<Prefix>&) {});
        state.ResumeTiming();
    }
}
BENCHMARK(hit_told);

// The queue is full.
void hit_counted(benchmark::State& state) {
    sample_hits();  // made before timing starts
    HitRecorder recorder(8 << 20);
    std::uint64_t i = 0;
    for (auto _ : state) {
        recorder.count(hit_of(i, pick(i)), "ID-JK");
        if (++i % 75000 == 0) recorder.take_overflow();
    }
}
BENCHMARK(hit_counted);

// The writer's work without the look-up of region and AS number; a batch is half a second at 150,000/s.
template <typename Pick>
void write_hits(benchmark::State& state, Pick name) {
    char folder[] = "/tmp/saring-bench-hits-XXXXXX";
    if (!::mkdtemp(folder)) return state.SkipWithError("no temporary folder");
    {
        hitlog::WriterOptions options;
        options.path = std::string(folder) + "/hits";
        hitlog::HitLogWriter writer(options);
        HitRecorder recorder(32 << 20);
        // As HitRecording keeps them.
        struct Client {
            Bytes stored;
            hitlog::FrameBuilder::ClientNumbers numbers;
        };
        std::vector<Client> clients(1250);
        constexpr std::uint64_t at_once = 75000;
        std::uint64_t i = 0, written = 0;
        for (auto _ : state) {
            state.PauseTiming();
            for (std::uint64_t n = 0; n < at_once; ++n, ++i) recorder.record(hit_of(i, name(i)));
            state.ResumeTiming();
            written += recorder.drain([&](hitlog::Record& record, const std::optional<Prefix>& client) {
                Client& c = clients[client->address[2] * 250u + client->address[3]];
                if (c.stored.empty()) c.stored = hitlog::stored_client(hitlog::network_of(*client, 24, 48));
                record.region = "ID-JK";
                record.client = c.stored;
                writer.add(record, c.numbers);
            });
            writer.flush(noon);
        }
        state.counters["ns_a_hit"] = benchmark::Counter(static_cast<double>(written) / 1e9,
                                                        benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    }
    std::filesystem::remove_all(folder);
}

void hit_written(benchmark::State& state) { write_hits(state, pick); }
BENCHMARK(hit_written)->Unit(benchmark::kMillisecond);

// Each name of a long list in turn.
void hit_all_over_the_list_written(benchmark::State& state) {
    write_hits(state, [](std::uint64_t i) -> const OwnerName& {
        return sample_hits().listed[i % sample_hits().listed.size()];
    });
}
BENCHMARK(hit_all_over_the_list_written)->Unit(benchmark::kMillisecond);

}  // namespace
