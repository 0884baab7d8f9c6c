// Times as people type and read them.
#include "base/time_text.h"

#include <cstdlib>
#include <ctime>

#include "support.h"

namespace saring::test::time_text_test {
namespace {

const UnixTime now = parse_rfc3339("2024-02-14T07:30:15Z", "now");

std::string ahead(const std::string& text) {
    return format_rfc3339(parse_time(text, "--expires", now, TimeDirection::future));
}
std::string ago(const std::string& text) { return format_rfc3339(parse_time(text, "--at", now, TimeDirection::past)); }

}  // namespace

// These tests use the default zone, UTC: a chosen zone stays, and other tests rely on UTC. For zones see
// tests/tool/test_times.py.
TEST_CASE("A length of time is before or after now, depending on the option") {
    CHECK(ahead("90d") == "2024-05-14T07:30:15Z");
    CHECK(ago("90d") == "2023-11-16T07:30:15Z");
    CHECK(ago("2h") == "2024-02-14T05:30:15Z");
    CHECK(ahead("now") == "2024-02-14T07:30:15Z");
    CHECK(ago("yesterday") == "2024-02-13T00:00:00Z");
}

TEST_CASE("A date means its midnight, and a time without an offset is UTC") {
    CHECK(ahead("2024-03-01") == "2024-03-01T00:00:00Z");
    CHECK(ahead("2024-03-01T07:00") == "2024-03-01T07:00:00Z");
    CHECK(ahead("2024-03-01T07:00:00+07:00") == "2024-03-01T00:00:00Z");
    CHECK(shown_time(now) == "2024-02-14T07:30:15Z");
    CHECK(midnight_before(now) == parse_rfc3339("2024-02-14T00:00:00Z", "midnight"));
}

TEST_CASE("A text that is not a time is refused with field and example") {
    for (const char* text :
         {"", "90", "90x", "-90d", "0d", "2024-02-30", "14/02/2024", "2024-02-14T25:00", "2024-02-14T07:00+7", "soon"})
        require_error(ErrorKind::usage, [&] { parse_time(text, "--expires", now, TimeDirection::future); },
                      {"--expires", std::string("\"") + text});
}

TEST_CASE("A zone is a name in the zone database or a POSIX rule") {
    for (const char* zone : {"Asia/Jakartaa", "../etc/passwd", "/etc/passwd", "7", "WIB", ""})
        require_error(ErrorKind::usage, [&] { show_times_in(zone, "display.time_zone"); }, {"display.time_zone", zone});
}

}  // namespace saring::test::time_text_test
