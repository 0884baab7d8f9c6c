#include "hits/time_expression.h"

#include "base/time_text.h"

namespace saring::hits {
namespace {

// parse_rfc3339 cuts the fraction off; here it matters, since it tells hits apart.
Microseconds fraction_of(const std::string& s) {
    if (s.size() < 21 || s[19] != '.') return 0;
    Microseconds out = 0, unit = 100000;
    for (std::size_t i = 20; i < s.size() && s[i] >= '0' && s[i] <= '9'; ++i, unit /= 10) out += (s[i] - '0') * unit;
    return out;
}

Microseconds midnight(Microseconds t) { return midnight_before(t / second_us) * second_us; }

}  // namespace

Microseconds parse_span(const std::string& text, const std::string& field) {
    if (auto span = seconds_of_span(text)) return span * second_us;
    throw Error(ErrorKind::usage, field, msg("\"%1\" is no length of time", text),
                msg("write e.g. 90s, 30m, 2h, 7d or 4w"));
}

TimeExpression parse_moment(const std::string& text, const std::string& field, Microseconds now) {
    if (auto span = seconds_of_span(text) * second_us) return {now - span, true, span};
    if (text == "now") return {now};
    if (text == "today") return {midnight(now)};
    if (text == "yesterday") return {midnight(midnight(now) - 1)};
    std::string whole = with_offset(text);
    try {
        return {parse_rfc3339(whole, field) * second_us + fraction_of(whole)};
    } catch (const Error&) {
        throw Error(ErrorKind::usage, field, msg("\"%1\" is not a time", text),
                    msg("write e.g. 2h, 30m, 7d (before now), today, yesterday, 2024-02-14 (midnight), "
                        "2024-02-14T07:00Z or 2024-02-14T07:00+07:00"));
    }
}

}  // namespace saring::hits
