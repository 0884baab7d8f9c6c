#include "hitlog/hit.h"

#include <chrono>
#include <cstdio>

namespace saring::hitlog {

const char* to_string(Transport t) {
    switch (t) {
        case Transport::udp: return "udp";
        case Transport::tcp: return "tcp";
        case Transport::dot: return "dot";
        case Transport::doh: return "doh";
        case Transport::doq: return "doq";
        case Transport::other: return "other";
    }
    return "?";
}

Microseconds now_microseconds() {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string format_microseconds(Microseconds t) {
    auto fraction = t % second_us;
    if (fraction < 0) fraction += second_us;
    std::string whole = format_rfc3339((t - fraction) / second_us);
    char digits[16];
    std::snprintf(digits, sizeof digits, ".%06lldZ", static_cast<long long>(fraction));
    return whole.substr(0, whole.size() - 1) + digits;
}

}  // namespace saring::hitlog
