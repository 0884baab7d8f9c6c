// Times are seconds since 1970-01-01T00:00:00Z, without leap seconds; orders need no finer unit. Text form: RFC 3339.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace saring {

using UnixTime = std::int64_t;

constexpr UnixTime day_seconds = 86400;

// Accepts date-times of RFC 3339 section 5.6 with any offset; a fraction is dropped.
// Throws Error(usage) naming `field` and the value.
UnixTime parse_rfc3339(std::string_view text, const std::string& field);

// "2024-02-14T00:00:00Z"
std::string format_rfc3339(UnixTime t);

UnixTime now_unix();

}  // namespace saring
