#include "base/time_text.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "base/error.h"

namespace saring {
namespace {

constexpr UnixTime day = 86400;
constexpr UnixTime longest_span = 366 * 1000 * day;

bool in_utc = true;

UnixTime unit_of(char c) {
    switch (c) {
        case 's': return 1;
        case 'm': return 60;
        case 'h': return 3600;
        case 'd': return day;
        case 'w': return 7 * day;
        default: return 0;
    }
}

// A name of the time zone database, or a POSIX rule: at least three letters, then an offset. The C library silently
// takes anything else for UTC.
bool is_zone(const std::string& zone) {
    if (zone.empty() || zone.size() > 100 || zone.find("..") != std::string::npos || zone[0] == '/') return false;
    const char* folder = std::getenv("TZDIR");
    std::error_code ignored;
    if (std::filesystem::is_regular_file(std::string(folder && *folder ? folder : "/usr/share/zoneinfo") + "/" + zone,
                                         ignored))
        return true;
    auto letters = zone.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    return zone == "UTC" || (letters != std::string::npos && letters >= 3 &&
                             std::string("+-0123456789").find(zone[letters]) != std::string::npos);
}

// Local time in the display zone.
std::tm broken_down(UnixTime t) {
    std::tm out{};
    auto seconds = static_cast<std::time_t>(t);
    if (in_utc) ::gmtime_r(&seconds, &out);
    else ::localtime_r(&seconds, &out);
    return out;
}

std::string offset_of(const std::tm& clock) {
    char out[8];
    std::string text(out, std::strftime(out, sizeof out, "%z", &clock));  // +0700
    return text.size() != 5 || text == "+0000" ? "Z" : text.insert(3, ":");
}

std::string offset_at(std::tm clock) {
    if (in_utc) return "Z";
    clock.tm_isdst = -1;
    if (std::mktime(&clock) == -1) return "Z";
    return offset_of(clock);
}

bool has_shape(const std::string& text, const std::string& shape) {
    if (text.size() != shape.size()) return false;
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i]) return false;
    return true;
}

}  // namespace

void show_times_in(const std::string& given, const std::string& field) {
    std::string zone = !given.empty() && given[0] == ':' ? given.substr(1) : given;
    if (!is_zone(zone))
        throw Error(ErrorKind::usage, field, msg("\"%1\" is not a time zone", given),
                    msg("write e.g. Asia/Jakarta, Asia/Makassar or UTC"));
    ::setenv("TZ", zone.c_str(), 1);
    ::tzset();
    in_utc = false;
}

std::string shown_time(UnixTime t) {
    if (in_utc) return format_rfc3339(t);
    auto clock = broken_down(t);
    char out[40];
    std::strftime(out, sizeof out, "%Y-%m-%dT%H:%M:%S", &clock);
    return out + offset_of(clock);
}

std::string in_shown_zone(const std::string& text) {
    constexpr std::size_t seconds = 19;  // length of "2024-02-14T00:00:00"
    if (in_utc || text.size() <= seconds || text.back() != 'Z' ||
        !has_shape(text.substr(0, seconds), "dddd-dd-ddTdd:dd:dd"))
        return text;
    auto fraction = text.substr(seconds, text.size() - seconds - 1);
    if (!fraction.empty() &&
        (fraction[0] != '.' || fraction.size() < 2 || fraction.find_first_not_of("0123456789", 1) != std::string::npos))
        return text;
    try {
        return shown_time(parse_rfc3339(text, "time")).insert(seconds, fraction);
    } catch (const Error&) {
        return text;  // not a date, e.g. the 30th of February
    }
}

UnixTime midnight_before(UnixTime now) {
    auto clock = broken_down(now);
    if (in_utc) return now - (clock.tm_hour * 3600 + clock.tm_min * 60 + clock.tm_sec);
    clock.tm_hour = clock.tm_min = clock.tm_sec = 0;
    clock.tm_isdst = -1;
    return std::mktime(&clock);
}

UnixTime seconds_of_span(const std::string& text) {
    auto unit = text.size() < 2 ? 0 : unit_of(text.back());
    std::uint64_t n = 0;
    const char* end = text.data() + text.size() - 1;
    if (unit == 0) return 0;
    auto [at, ec] = std::from_chars(text.data(), end, n);
    if (ec != std::errc() || at != end || n == 0 || n > static_cast<std::uint64_t>(longest_span / unit)) return 0;
    return static_cast<UnixTime>(n) * unit;
}

std::string with_offset(const std::string& text) {
    std::string s = text;
    if (has_shape(s, "dddd-dd-dd")) s += "T00:00";
    if (s.size() < 16 || !has_shape(s.substr(0, 10), "dddd-dd-dd") || s[13] != ':') return text;
    if (s.size() == 16 || s[16] != ':') s.insert(16, ":00");
    if (s.size() < 19 || s.find_first_of("Zz+-", 19) != std::string::npos) return s;
    std::tm clock{};
    if (std::sscanf(s.c_str(), "%4d-%2d-%2d%*c%2d:%2d:%2d", &clock.tm_year, &clock.tm_mon, &clock.tm_mday,
                    &clock.tm_hour, &clock.tm_min, &clock.tm_sec) != 6)
        return s;
    clock.tm_year -= 1900;
    clock.tm_mon -= 1;
    return s + offset_at(clock);
}

UnixTime parse_time(const std::string& text, const std::string& field, UnixTime now, TimeDirection towards) {
    if (auto span = seconds_of_span(text)) return towards == TimeDirection::future ? now + span : now - span;
    if (text == "now") return now;
    if (text == "today") return midnight_before(now);
    if (text == "yesterday") return midnight_before(midnight_before(now) - 1);
    try {
        return parse_rfc3339(with_offset(text), field);
    } catch (const Error&) {
        throw Error(ErrorKind::usage, field, msg("\"%1\" is not a time", text),
                    towards == TimeDirection::future ? msg("write e.g. 90d (from now), 2024-02-14 (midnight), or RFC "
                                                           "3339 such as 2024-02-14T07:00:00+07:00")
                                                     : msg("write e.g. 90d (before now), 2024-02-14 (midnight), or RFC "
                                                           "3339 such as 2024-02-14T07:00:00+07:00"));
    }
}

}  // namespace saring
