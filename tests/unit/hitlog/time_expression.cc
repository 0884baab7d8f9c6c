#include "hits/time_expression.h"

#include "../support.h"

namespace saring::hitlog::test {
namespace {

const Microseconds now = parse_rfc3339("2024-02-14T07:30:15Z", "now") * second_us + 123456;

std::string moment(const std::string& text) { return format_microseconds(parse_moment(text, "--since", now).time); }

}  // namespace

TEST_CASE("A time before now is a number and a unit") {
    CHECK(moment("90s") == "2024-02-14T07:28:45.123456Z");
    CHECK(moment("30m") == "2024-02-14T07:00:15.123456Z");
    CHECK(moment("2h") == "2024-02-14T05:30:15.123456Z");
    CHECK(moment("7d") == "2024-02-07T07:30:15.123456Z");
    CHECK(moment("2w") == "2024-01-31T07:30:15.123456Z");
    CHECK(parse_moment("2h", "--since", now).is_ago);
    CHECK(parse_moment("2h", "--since", now).ago == 2 * hour_us);
    CHECK_FALSE(parse_moment("today", "--since", now).is_ago);
}

TEST_CASE("Days begin at midnight UTC") {
    CHECK(moment("now") == "2024-02-14T07:30:15.123456Z");
    CHECK(moment("today") == "2024-02-14T00:00:00.000000Z");
    CHECK(moment("yesterday") == "2024-02-13T00:00:00.000000Z");
    CHECK(moment("2024-02-29") == "2024-02-29T00:00:00.000000Z");
}

TEST_CASE("A date and time is UTC unless it has an offset, and keeps its microseconds") {
    CHECK(moment("2024-02-14T07:00") == "2024-02-14T07:00:00.000000Z");
    CHECK(moment("2024-02-14 07:00") == "2024-02-14T07:00:00.000000Z");
    CHECK(moment("2024-02-14T07:00Z") == "2024-02-14T07:00:00.000000Z");
    CHECK(moment("2024-02-14T07:00+07:00") == "2024-02-14T00:00:00.000000Z");
    CHECK(moment("2024-02-14T07:00:01-01:00") == "2024-02-14T08:00:01.000000Z");
    CHECK(moment("2024-02-14T07:00:01") == "2024-02-14T07:00:01.000000Z");
    CHECK(moment("2024-02-14T07:00:01.000017Z") == "2024-02-14T07:00:01.000017Z");
    CHECK(moment("2024-02-14T07:00:01.5+07:00") == "2024-02-14T00:00:01.500000Z");
    CHECK(moment("2024-02-14T07:00:01.1234567") == "2024-02-14T07:00:01.123456Z");
}

TEST_CASE("An invalid time is refused with the option and the text") {
    for (const char* text : {"", "h", "2", "2x", "-2h", "0h", "2 h", "1.5h", "99999999999999999999d", "400000d",
                             "tomorrow", "2024-02-30", "2024-13-01", "14/02/2024", "2024-02-14T", "2024-02-14T25:00",
                             "2024-02-14T07", "2024-02-14T07:00+7", "2024-02-14Z"})
        require_error(ErrorKind::usage, [&] { parse_moment(text, "--since", now); },
                      {"--since", std::string("\"") + text + "\""});
    require_error(ErrorKind::usage, [] { parse_span("2024-02-14", "--width"); }, {"--width", "2024-02-14"});
}

}  // namespace saring::hitlog::test
