#include <date/date.h>

#include <chrono>
#include <cstdio>

#include "landing/page.h"

namespace saring {

std::string spoken_time(UnixTime t, const std::string& language) {
    static constexpr const char* indonesian[] = {"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"};
    static constexpr const char* english[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
    auto local = date::sys_seconds(std::chrono::seconds(t)) + std::chrono::hours(7);
    auto day = date::floor<date::days>(local);
    date::year_month_day ymd(day);
    auto minutes = std::chrono::duration_cast<std::chrono::minutes>(local - day).count();
    auto month = static_cast<unsigned>(ymd.month()) - 1;
    auto words = [&](const char* name, const char* before, char between, const char* zone) {
        char text[80];
        std::snprintf(text, sizeof text, "%u %s %d%s%02d%c%02d %s", static_cast<unsigned>(ymd.day()), name, static_cast<int>(ymd.year()), before,
                      static_cast<int>(minutes / 60), between, static_cast<int>(minutes % 60), zone);
        return std::string(text);
    };
    if (language == "id") return words(indonesian[month], " pukul ", '.', "WIB");
    if (language == "en") return words(english[month], ", ", ':', "WIB (UTC+7)");
    return date::format("%F %H:%M WIB", date::floor<std::chrono::minutes>(local));
}

}  // namespace saring
