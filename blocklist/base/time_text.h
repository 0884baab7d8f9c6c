// Times as people type and read them, in one display zone (default UTC). Times that are stored, signed, logged or read
// by programs are UTC (base/time.h). Set the zone before any thread starts.
#pragma once

#include <string>

#include "base/message.h"
#include "base/time.h"

namespace saring {

// "Asia/Jakarta", or a POSIX rule such as "WIB-7". Throws Error(usage) naming `field` when it is neither.
void show_times_in(const std::string& zone, const std::string& field);

// "2024-02-14T07:00:00+07:00"; "...Z" in UTC.
std::string shown_time(UnixTime t);

// Converts a text that is exactly a time as format_rfc3339 writes it, with or without a fraction; returns any other
// text unchanged.
std::string in_shown_zone(const std::string& text);

// Midnight before `now`, in that zone.
UnixTime midnight_before(UnixTime now);

// Whether a length of time is meant before now or after.
enum class TimeDirection { past, future };

// Accepts "90s", "30m", "2h", "90d", "4w" from now or before now; "now"; "today" and "yesterday" (their midnight);
// "2024-02-14" (its midnight) and "2024-02-14T07:00[:00]", in the display zone; RFC 3339.
// Throws Error(usage) naming `field` and the text.
UnixTime parse_time(const std::string& text, const std::string& field, UnixTime now, TimeDirection towards);

// Seconds of "90s", "30m", "2h", "7d", "4w": 1 second to 1000 years; 0 for any other text.
UnixTime seconds_of_span(const std::string& text);

// Converts a date, or a date and time without an offset, in the display zone to RFC 3339; returns other text unchanged.
std::string with_offset(const std::string& text);

}  // namespace saring
