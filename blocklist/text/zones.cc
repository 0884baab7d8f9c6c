#include "text/zones.h"

namespace saring {

const std::vector<Zone>& zones() {
    static const std::vector<Zone> all{{"WIB", 7}, {"WITA", 8}, {"WIT", 9}, {"UTC", 0}};
    return all;
}

const Zone* find_zone(const std::string& name) {
    for (const auto& z : zones())
        if (z.name == name) return &z;
    return nullptr;
}

const Zone& zone_of(const std::string& tz) {
    if (tz == "Asia/Jakarta" || tz == "Asia/Pontianak") return zones()[0];
    if (tz == "Asia/Makassar" || tz == "Asia/Ujung_Pandang") return zones()[1];
    if (tz == "Asia/Jayapura") return zones()[2];
    return zones()[3];
}

}  // namespace saring
