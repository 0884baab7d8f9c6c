#include "hits/moment.h"

#include <charconv>
#include <optional>

#include "base/time.h"

namespace saring {
namespace {

constexpr Microseconds day_us = 86400 * second_us;
constexpr Microseconds longest = 366 * 1000 * day_us;

std::optional<Microseconds> unit_of(char c) {
    switch (c) {
        case 's': return second_us;
        case 'm': return 60 * second_us;
        case 'h': return 3600 * second_us;
        case 'd': return day_us;
        case 'w': return 7 * day_us;
        default: return std::nullopt;
    }
}

std::optional<Microseconds> span_of(const std::string& text) {
    auto unit = text.size() < 2 ? std::nullopt : unit_of(text.back());
    std::uint64_t n = 0;
    const char* end = text.data() + text.size() - 1;
    if (!unit) return std::nullopt;
    auto [at, ec] = std::from_chars(text.data(), end, n);
    if (ec != std::errc() || at != end || n == 0 || n > static_cast<std::uint64_t>(longest / *unit)) return std::nullopt;
    return static_cast<Microseconds>(n) * *unit;
}

// What is left out of a date and time: its clock time, its seconds, its offset.
std::string completed(const std::string& text) {
    std::string s = text;
    if (s.size() == 10) return s + "T00:00:00Z";
    if (s.size() < 16 || s[13] != ':') return s;
    if (s.size() == 16 || s[16] != ':') s.insert(16, ":00");
    if (s.find_first_of("Zz+-", 19) == std::string::npos) s += "Z";
    return s;
}

// parse_rfc3339 cuts the fraction off; here it matters, as hits are told apart by it.
Microseconds fraction_of(const std::string& s) {
    if (s.size() < 21 || s[19] != '.') return 0;
    Microseconds out = 0, unit = 100000;
    for (std::size_t i = 20; i < s.size() && s[i] >= '0' && s[i] <= '9'; ++i, unit /= 10) out += (s[i] - '0') * unit;
    return out;
}

Microseconds midnight(Microseconds t) { return t - ((t % day_us) + day_us) % day_us; }

}  // namespace

Microseconds parse_span(const std::string& text, const std::string& field) {
    if (auto span = span_of(text)) return *span;
    throw Error(ErrorKind::usage, field, msg("\"%1\" is no length of time", text), msg("write e.g. 90s, 30m, 2h, 7d or 4w"));
}

Moment parse_moment(const std::string& text, const std::string& field, Microseconds now) {
    if (auto span = span_of(text)) return {now - *span, true, *span};
    if (text == "now") return {now};
    if (text == "today") return {midnight(now)};
    if (text == "yesterday") return {midnight(now) - day_us};
    std::string whole = completed(text);
    try {
        return {parse_rfc3339(whole, field) * second_us + fraction_of(whole)};
    } catch (const Error&) {
        throw Error(ErrorKind::usage, field, msg("\"%1\" is no time", text),
                    msg("write e.g. 2h, 30m, 7d (before now), today, yesterday, 2024-02-14 (midnight UTC), 2024-02-14T07:00Z or 2024-02-14T07:00+07:00"));
    }
}

}  // namespace saring
