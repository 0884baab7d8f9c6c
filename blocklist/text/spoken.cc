#include "text/spoken.h"

#include <chrono>
#include <cstdio>

namespace saring {
namespace {

constexpr const char* indonesian[] = {"Januari", "Februari", "Maret",     "April",   "Mei",      "Juni",
                                      "Juli",    "Agustus",  "September", "Oktober", "November", "Desember"};
constexpr const char* english[] = {"January", "February", "March",     "April",   "May",      "June",
                                   "July",    "August",   "September", "October", "November", "December"};

std::chrono::year_month_day day_of(UnixTime t) {
    return std::chrono::sys_days(std::chrono::floor<std::chrono::days>(std::chrono::seconds(t)));
}

// Null for a language without month names.
const char* month_name(std::chrono::year_month_day d, const std::string& language) {
    auto month = static_cast<unsigned>(d.month()) - 1;
    return language == "id" ? indonesian[month] : language == "en" ? english[month] : nullptr;
}

}  // namespace

std::string spoken_date(UnixTime t, const std::string& language) {
    auto d = day_of(t);
    auto month = month_name(d, language);
    if (!month) return format_rfc3339(t).substr(0, 10);
    return std::to_string(static_cast<unsigned>(d.day())) + " " + month + " " +
           std::to_string(static_cast<int>(d.year()));
}

std::string spoken_day(UnixTime t, const std::string& language) {
    auto d = day_of(t);
    auto month = month_name(d, language);
    if (!month) return format_rfc3339(t).substr(5, 5);
    // Agustus is abbreviated Agu and August Aug: three letters fit all months.
    return std::to_string(static_cast<unsigned>(d.day())) + " " + std::string(month).substr(0, 3);
}

std::string spoken_clock(UnixTime t, const std::string& language) {
    auto minutes = (t % 86400 + 86400) % 86400 / 60;
    char text[8];
    std::snprintf(text, sizeof text, "%02d%c%02d", static_cast<int>(minutes / 60), language == "id" ? '.' : ':',
                  static_cast<int>(minutes % 60));
    return text;
}

std::string spoken_utc(UnixTime t, const std::string& language) {
    const char* between = language == "id" ? " pukul " : language == "en" ? ", " : " ";
    return spoken_date(t, language) + between + spoken_clock(t, language) + " UTC";
}

std::string spoken_number(std::uint64_t n, const std::string& language) {
    std::string out = std::to_string(n);
    const char separator = language == "id" ? '.' : language == "en" ? ',' : 0;
    if (!separator) return out;
    for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, 1, separator);
    return out;
}

std::string spoken_share(std::uint64_t part, std::uint64_t of, const std::string& language) {
    const char* point = language == "id" ? "," : ".";
    auto tenths = of == 0 ? 0 : static_cast<std::uint64_t>((static_cast<unsigned __int128>(part) * 2000 + of) / of / 2);
    if (part > 0 && tenths == 0) return std::string("< 0") + point + "1 %";
    return std::to_string(tenths / 10) + point + std::to_string(tenths % 10) + " %";
}

}  // namespace saring
