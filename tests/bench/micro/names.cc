// Operations on the qname of each query.
#include <benchmark/benchmark.h>

#include "name/lookup_key.h"
#include "support.h"

namespace {

using namespace saring;

void name_from_wire(benchmark::State& state) {
    const auto& names = bench::material().below;
    std::size_t i = 0;
    OwnerName out;
    for (auto _ : state) {
        auto wire = names[i++ % names.size()].wire();
        benchmark::DoNotOptimize(
            OwnerName::from_wire(reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size(), out));
    }
}
BENCHMARK(name_from_wire);

void lookup_key(benchmark::State& state) {
    const auto& names = bench::material().below;
    std::size_t i = 0;
    for (auto _ : state) {
        LookupKey key(names[i++ % names.size()]);
        benchmark::DoNotOptimize(key.view());
    }
}
BENCHMARK(lookup_key);

}  // namespace
