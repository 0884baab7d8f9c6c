// Reading and writing RFC 3339.
#include "base/time.h"

#include "support.h"

namespace saring::test::time_test {

TEST_CASE("A UTC time is read as seconds since 1970") {
    CHECK(at("1970-01-01T00:00:00Z") == 0);
    CHECK(at("2024-02-14T00:00:00Z") == 1707868800);
    CHECK(at("1969-12-31T23:59:59Z") == -1);
    CHECK(at("9999-12-31T23:59:59Z") == 253402300799);
}

TEST_CASE("An offset is subtracted") {
    CHECK(at("2024-02-14T07:00:00+07:00") == at("2024-02-14T00:00:00Z"));
    CHECK(at("2024-02-13T18:30:00-05:30") == at("2024-02-14T00:00:00Z"));
    CHECK(at("2024-02-14T00:00:00-00:00") == at("2024-02-14T00:00:00Z"));
    CHECK(at("2024-02-14T23:59:00+23:59") == at("2024-02-14T00:00:00Z"));
}

TEST_CASE("Lower-case letters and a blank between date and time are accepted") {
    CHECK(at("2024-02-14t00:00:00z") == at("2024-02-14T00:00:00Z"));
    CHECK(at("2024-02-14 07:00:00+07:00") == at("2024-02-14T00:00:00Z"));
}

TEST_CASE("A fraction of a second is dropped") {
    CHECK(at("2024-02-14T00:00:00.999Z") == at("2024-02-14T00:00:00Z"));
    CHECK(at("2024-02-14T07:00:00.123456789123+07:00") == at("2024-02-14T00:00:00Z"));
}

TEST_CASE("A leap second is read as the second before it") {
    CHECK(at("2016-12-31T23:59:60Z") == at("2016-12-31T23:59:59Z"));
}

TEST_CASE("Leap days are known") {
    CHECK(at("2024-02-29T00:00:00Z") == at("2024-02-28T00:00:00Z") + 86400);
    CHECK(at("2000-02-29T00:00:00Z") + 86400 == at("2000-03-01T00:00:00Z"));
    for (const char* text : {"2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z"}) {
        INFO(text);
        require_error(ErrorKind::usage, [&] { at(text); });
    }
}

TEST_CASE("A text that is not an RFC 3339 time is refused with field and value") {
    for (const char* text : {"",
                             "today",
                             "2024-02-14",
                             "2024-02-14T00:00:00",
                             "2024-02-14T00:00Z",
                             "2024-2-14T00:00:00Z",
                             "2024-13-01T00:00:00Z",
                             "2024-00-01T00:00:00Z",
                             "2024-04-31T00:00:00Z",
                             "2024-02-00T00:00:00Z",
                             "2024-02-14T24:00:00Z",
                             "2024-02-14T23:60:00Z",
                             "2024-02-14T23:59:61Z",
                             "2024/02/14T00:00:00Z",
                             "2024-02-14X00:00:00Z",
                             "2024-02-14T00:00:00.Z",
                             "2024-02-14T00:00:00.5",
                             "2024-02-14T00:00:00+07",
                             "2024-02-14T00:00:00+0700",
                             "2024-02-14T00:00:00+7:00",
                             "2024-02-14T00:00:00+24:00",
                             "2024-02-14T00:00:00+07:60",
                             "2024-02-14T00:00:00x07:00",
                             "2024-02-14T00:00:00+0a:00",
                             "2024-02-14T00:00:00ZZ",
                             "2024-02-14T00:00:00Z ",
                             " 2024-02-14T00:00:00Z",
                             "-024-02-14T00:00:00Z",
                             "2024-02-14T00:00:00+07:00:00",
                             "2024-02-14T0 :00:00Z",
                             "2024-02-14T00:00:00+ 7:00"}) {
        INFO(text);
        require_error(ErrorKind::usage, [&] { parse_rfc3339(text, "field expires"); },
                      {"field expires", text, "RFC 3339"});
    }
}

TEST_CASE("A time with a zero byte is refused") {
    require_error(ErrorKind::usage, [] { parse_rfc3339(octets("2024-02-14T00:00:00Z\0"), "f"); });
}

TEST_CASE("A time is printed in UTC") {
    CHECK(format_rfc3339(0) == "1970-01-01T00:00:00Z");
    CHECK(format_rfc3339(1707868800) == "2024-02-14T00:00:00Z");
    CHECK(format_rfc3339(-1) == "1969-12-31T23:59:59Z");
}

TEST_CASE("Random times survive conversion to text and back") {
    Random random(30);
    for (int round = 0; round < 5000; ++round) {
        auto t = static_cast<UnixTime>(random.below(4102444800u));
        if (at(format_rfc3339(t)) != t) FAIL(t);
    }
}

}  // namespace saring::test::time_test
