// Points in time as people type and read them: in one zone, which the program chooses; UTC until it does. What
// is stored, signed, logged or read by programs is UTC (base/time.h). Choose before any thread starts.
#pragma once

#include <string>

#include "base/message.h"
#include "base/time.h"

namespace saring {

// "Asia/Jakarta", or a POSIX rule such as "WIB-7". Throws Error(usage) naming `field` when it is neither.
void show_times_in(const std::string& zone, const std::string& field);

// "2024-02-14T07:00:00+07:00"; "...Z" in UTC.
std::string shown_time(UnixTime t);

// The same of a text that is wholly a time as format_rfc3339 writes it, with or without a fraction; any other text
// stays.
std::string in_shown_zone(const std::string& text);

// Midnight before `now`, in that zone.
UnixTime midnight_before(UnixTime now);

// On which side of now a length of time lies.
enum class TimeDirection { past, future };

// "90s", "30m", "2h", "90d", "4w" from now on or before now; "now", "today", "yesterday" (their
// beginning); "2024-02-14" (its beginning) and
// "2024-02-14T07:00[:00]", in the zone above; RFC 3339. Throws Error(usage) naming `field` and the text.
UnixTime parse_time(const std::string& text, const std::string& field, UnixTime now, TimeDirection towards);

// Seconds of "90s", "30m", "2h", "7d", "4w": more than nothing, at most 1000 years. 0 when it is no such length.
UnixTime seconds_of_span(const std::string& text);

// A date or a date and time without an offset, of that zone, as RFC 3339. Anything else stays as it is.
std::string with_offset(const std::string& text);

}  // namespace saring
