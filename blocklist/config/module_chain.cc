#include "config/module_chain.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <string>

#include "base/error.h"

namespace saring::config {

void require_place_in_chain(const char* chain, int position) {
    static constexpr std::array<const char*, 5> not_in_front{"dns64", "subnetcache", "cachedb", "validator",
                                                             "iterator"};
    std::istringstream words(chain ? chain : "");
    std::string word;
    for (int i = 0; i < position && words >> word; ++i)
        if (std::find(not_in_front.begin(), not_in_front.end(), word) != not_in_front.end())
            throw Error(ErrorKind::usage, "module-config", msg("\"%1\" is before \"dynlib\" in \"%2\"", word, chain),
                        msg("put dynlib first, e.g. \"dynlib validator iterator\""));
}

}  // namespace saring::config
