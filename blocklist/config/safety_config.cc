#include "config/safety_config.h"

#include <algorithm>

namespace saring::config {

bool SafetyConfig::allows_lift(const std::string& authority, const std::string& other) const {
    if (authority == other) return true;
    auto may = may_lift.find(authority);
    return may != may_lift.end() && std::any_of(may->second.begin(), may->second.end(),
                                                [&](const auto& one) { return one == "*" || one == other; });
}

}  // namespace saring::config
