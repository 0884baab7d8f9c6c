// A verdict as a worker makes it: check for a new image, decide on the name.
#include <benchmark/benchmark.h>

#include "support.h"

namespace {

using namespace saring;

void renew(benchmark::State& state) {
    Worker worker;
    for (auto _ : state) {
        Worker::ImageUse use(worker, *bench::material().images);
        benchmark::DoNotOptimize(use.image());
    }
}
BENCHMARK(renew);

void decided(benchmark::State& state, const std::vector<OwnerName>& names, policy::Outcome expected) {
    Worker worker;
    policy::Circumstances c{now_unix(), nullptr, policy::Action::nxdomain};
    std::size_t i = 0;
    for (auto _ : state) {
        Worker::ImageUse use(worker, *bench::material().images);
        policy::Verdict verdict = decide(*use.image(), names[i++ % names.size()], c);
        if (verdict.outcome != expected) state.SkipWithError("another verdict than expected");
    }
}

void decide_listed(benchmark::State& state) { decided(state, bench::material().listed, policy::Outcome::block); }
void decide_below_listed(benchmark::State& state) { decided(state, bench::material().below, policy::Outcome::block); }
void decide_unlisted(benchmark::State& state) { decided(state, bench::material().unlisted, policy::Outcome::none); }
BENCHMARK(decide_listed);
BENCHMARK(decide_below_listed);
BENCHMARK(decide_unlisted);

}  // namespace
