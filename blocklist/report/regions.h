// Names of the regions that hits come from: the 38 provinces of Indonesia by ISO 3166-2:ID, as
// amended in 2023, with the names that the provinces themselves use. Codes of the standard,
// names as in Debian's iso-codes where it has them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace saring {

struct Province {
    std::string_view code, name;
};

const std::vector<Province>& provinces();  // by code

// Empty for a code that is no province's.
std::string province_name(std::string_view code);

}  // namespace saring
