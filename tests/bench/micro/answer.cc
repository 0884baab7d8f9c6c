// Making the answer to a verdict, without Unbound's part.
#include <benchmark/benchmark.h>

#include "answer.h"
#include "support.h"
#include "unit/module/fake_unbound.h"

namespace {

using namespace saring;

void answer_nxdomain(benchmark::State& state) {
    const auto& names = bench::material().listed;
    Worker worker;
    Worker::ImageUse use(worker, *bench::material().images);
    config::Config config;
    Answerer answerer(config);
    policy::Circumstances c{now_unix(), nullptr, policy::Action::nxdomain};
    const OwnerName& name = names.front();
    policy::Verdict verdict = decide(*use.image(), name, c);
    module_env env;
    module_qstate qstate;
    qstate.env = &env;
    saring_query query{};
    query.qstate = &qstate;
    query.qname = reinterpret_cast<const std::uint8_t*>(name.wire().data());
    query.qname_len = name.wire().size();
    query.qtype = query.qclass = 1;
    query.now = c.now;
    for (auto _ : state)
        if (!answerer.answer_blocked(query, verdict, use.image()->image(), worker.reasons))
            state.SkipWithError("no answer");
}
BENCHMARK(answer_nxdomain);

}  // namespace
