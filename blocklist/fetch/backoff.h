// Delay before the next attempt: doubles from 0.5 to 30 seconds, minus a random part of up to half, so that all ISPs of
// a country do not return at the same instant to a server that was down.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace saring::fetch {

class Backoff {
public:
    // `failures` so far, at least 1; `asked`: the server's Retry-After (RFC 9110 section 10.2.3), honoured up to a
    // minute.
    std::chrono::milliseconds wait(unsigned failures, std::chrono::seconds asked = {}) {
        using namespace std::chrono;
        auto max_wait = milliseconds(500) * (1u << std::min(failures - 1, 6u));
        max_wait = std::min(max_wait, milliseconds(30000));
        auto chosen =
            milliseconds(std::uniform_int_distribution<std::int64_t>(max_wait.count() / 2, max_wait.count())(engine_));
        return std::max(chosen, milliseconds(std::min(asked, seconds(60))));
    }

private:
    std::minstd_rand engine_{std::random_device{}()};
};

}  // namespace saring::fetch
