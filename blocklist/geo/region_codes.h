// Regions of Indonesia by ISO 3166-2:ID, as amended in 2023: 38 provinces, and 7 islands or groups of islands with
// codes of their own. Province names are those in Debian's iso-codes or, where it has none, those the provinces use.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace saring::geo {

struct Province {
    std::string_view code, name;
};

const std::vector<Province>& provinces();  // by code

// Empty for a code of no province.
std::string province_name(std::string_view code);

// Adds the region to an order's regions, without duplicates. Clients are located in provinces, so an island (ID-JW) is
// replaced by its provinces. A code that is not in ISO 3166-2:ID is added unchanged.
void add_region(std::vector<std::string>& regions, std::string_view code);

// Codes that differ only in their last letters, with names: for ID-JKT all that begin with ID-J.
std::string codes_near(std::string_view code);

}  // namespace saring::geo
