// The time zones of Indonesia, and UTC. None has summer time.
#pragma once

#include <string>
#include <vector>

namespace saring {

struct Zone {
    const char* name;
    int hours;  // ahead of UTC
};
const std::vector<Zone>& zones();

const Zone* find_zone(const std::string& name);  // "WIB"; null: there is none of that name
// Of an entry of the time zone database, "Asia/Jakarta"; UTC for all others.
const Zone& zone_of(const std::string& tz_entry);

}  // namespace saring
