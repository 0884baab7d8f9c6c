// How long to wait before trying again: doubling from half a second to half a minute, a
// random half of it taken off, so that a country's ISPs do not return to a server that
// was down all in the same instant.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace saring::fetch {

class Backoff {
public:
    // `failures` so far, at least 1; `asked` is the server's own wish (Retry-After), heeded up to a minute.
    std::chrono::milliseconds wait(unsigned failures, std::chrono::seconds asked = {}) {
        using namespace std::chrono;
        auto most = milliseconds(500) * (1u << std::min(failures - 1, 6u));
        most = std::min(most, milliseconds(30000));
        auto chosen =
            milliseconds(std::uniform_int_distribution<std::int64_t>(most.count() / 2, most.count())(engine_));
        return std::max(chosen, milliseconds(std::min(asked, seconds(60))));
    }

private:
    std::minstd_rand engine_{std::random_device{}()};
};

}  // namespace saring::fetch
