// Regions of Indonesia by ISO 3166-2:ID, as amended in 2023: 38 provinces, and 7 islands or groups of islands that
// the standard gives a code of their own. Codes of the standard; names that the provinces themselves use, as in
// Debian's iso-codes where it has them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace saring::geo {

struct Province {
    std::string_view code, name;
};

const std::vector<Province>& provinces();  // by code

// Empty for a code that is no province's.
std::string province_name(std::string_view code);

// Adds the region to those of an order, each once. Clients are located in provinces, so an island (ID-JW) becomes the
// provinces on it. A code that is not in ISO 3166-2:ID is added as it is.
void add_region(std::vector<std::string>& regions, std::string_view code);

// Codes that differ in their last letters only, with their names: of ID-JKT all that begin with ID-J.
std::string codes_near(std::string_view code);

}  // namespace saring::geo
