// Dates and numbers in Indonesian and English notation; for other languages ISO 8601 dates and plain digits. Pure
// functions.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace saring {

// "14 Februari 2024", "14 February 2024"
std::string spoken_date(UnixTime t, const std::string& language);
// "14 Feb", for a chart's axis.
std::string spoken_day(UnixTime t, const std::string& language);
// "07.00", "07:00"
std::string spoken_clock(UnixTime t, const std::string& language);
// "14 Februari 2024 pukul 07.00 UTC", "14 February 2024, 07:00 UTC"
std::string spoken_utc(UnixTime t, const std::string& language);

// "1.234.567", "1,234,567"
std::string spoken_number(std::uint64_t n, const std::string& language);
// "12,3 %", "12.3 %"; `of` must not be 0. "< 0,1 %" for a share that would round to 0.
std::string spoken_share(std::uint64_t part, std::uint64_t of, const std::string& language);

}  // namespace saring
