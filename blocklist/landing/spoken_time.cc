#include "landing/page.h"
#include "text/spoken.h"

namespace saring::landing {

std::string spoken_time(UnixTime t, const std::string& language) {
    constexpr UnixTime western = 7 * 3600;
    const char* between = language == "id" ? " pukul " : language == "en" ? ", " : " ";
    return spoken_date(t + western, language) + between + spoken_clock(t + western, language) +
           (language == "en" ? " WIB (UTC+7)" : " WIB");
}

}  // namespace saring::landing
