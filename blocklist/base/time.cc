#include "base/time.h"

#include <date/date.h>

#include <chrono>
#include <sstream>

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
    // date::parse is lenient about missing parts; the fixed shape is checked here.
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
    if (s.size() != zone + 6 || s[zone + 3] != ':' ) throw fail(msg("has no offset (Z or +07:00)"));
    if (s.compare(zone + 1, 2, "24") >= 0 || s.compare(zone + 4, 1, "6") >= 0) throw fail(msg("has an offset that no clock shows"));
    if (s.substr(17, 2) == "60") s.replace(17, 2, "59");  // a leap second has no place in POSIX time

    date::sys_seconds t;
    std::istringstream in(s);
    in >> date::parse("%FT%T%Ez", t);
    if (in.fail() || in.peek() != std::char_traits<char>::eof()) throw fail(msg("is not a valid date and time"));
    return t.time_since_epoch().count();
}

std::string format_rfc3339(UnixTime t) {
    return date::format("%FT%TZ", date::sys_seconds(std::chrono::seconds(t)));
}

UnixTime now_unix() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace saring
