#include "base/time.h"

#include <chrono>
#include <cstdio>
#include <ctime>

#include "base/error.h"

namespace saring {

UnixTime parse_rfc3339(std::string_view text, const std::string& field) {
    auto fail = [&](const Message& why) -> Error {
        return {ErrorKind::usage, field, "\"" + std::string(text) + "\" " + why,
                msg("write RFC 3339, e.g. 2024-02-14T00:00:00Z or 2024-02-14T07:00:00+07:00")};
    };
    std::string s(text);
    for (char& c : s) {
        if (c == 't' || c == ' ') c = 'T';
        if (c == 'z') c = 'Z';
    }
    static constexpr std::string_view shape = "dddd-dd-ddTdd:dd:dd";
    if (s.size() < shape.size() + 1) throw fail(msg("is not a date and time with an offset"));
    for (std::size_t i = 0; i < shape.size(); ++i) {
        bool ok = shape[i] == 'd' ? s[i] >= '0' && s[i] <= '9' : s[i] == shape[i];
        if (!ok) throw fail(msg("is not a date and time with an offset"));
    }
    std::size_t zone = shape.size();
    if (s[zone] == '.') {
        auto end = s.find_first_not_of("0123456789", zone + 1);
        if (end == std::string::npos || end == zone + 1) throw fail(msg("has no offset after the fraction"));
        s.erase(zone, end - zone);
    }
    if (s.substr(zone) == "Z") s.replace(zone, 1, "+00:00");
    if (s.size() != zone + 6 || s[zone + 3] != ':') throw fail(msg("has no offset (Z or +07:00)"));
    if (s.compare(zone + 1, 2, "24") >= 0 || s.compare(zone + 4, 1, "6") >= 0)
        throw fail(msg("has an impossible offset"));
    if (s.substr(17, 2) == "60") s.replace(17, 2, "59");  // POSIX time has no leap seconds

    auto number = [&](std::size_t at, std::size_t digits) {
        int value = 0;
        for (std::size_t i = at; i < at + digits; ++i) {
            if (s[i] < '0' || s[i] > '9') throw fail(msg("is not a valid date and time"));
            value = 10 * value + (s[i] - '0');
        }
        return value;
    };
    std::chrono::year_month_day day(std::chrono::year(number(0, 4)),
                                    std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                    std::chrono::day(static_cast<unsigned>(number(8, 2))));
    int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
    int offset = 60 * number(zone + 1, 2) + number(zone + 4, 2);
    if (!day.ok() || hour > 23 || minute > 59 || second > 59 || (s[zone] != '+' && s[zone] != '-'))
        throw fail(msg("is not a valid date and time"));
    if (s[zone] == '-') offset = -offset;
    return std::chrono::sys_days(day).time_since_epoch().count() * day_seconds + 3600 * hour + 60 * (minute - offset) +
           second;
}

std::string format_rfc3339(UnixTime t) {
    auto days = std::chrono::floor<std::chrono::days>(std::chrono::seconds(t));
    std::chrono::year_month_day d{std::chrono::sys_days(days)};
    auto second = static_cast<int>(t - days.count() * day_seconds);
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(d.year()),
                  static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()), second / 3600, second / 60 % 60,
                  second % 60);
    return text;
}

UnixTime now_unix() {
    // Not std::chrono::system_clock, whose nanoseconds overflow in the year 2262.
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

}  // namespace saring
