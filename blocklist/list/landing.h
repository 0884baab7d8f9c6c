// Where a response policy zone sends people instead of answering. The zone does not say
// whether that is a landing page, which is a block, or the site's better twin, such as a
// search engine's safe version, which is none; so the ISP names its landing pages.
#pragma once

#include <string>
#include <vector>

#include "name/owner_name.h"
#include "net/prefix.h"

namespace saring::list {

class Landings {
public:
    Landings() = default;
    // Host names and addresses. Throws Error(usage) naming `field` and the value.
    Landings(const std::vector<std::string>& texts, const std::string& field);

    // `target` may begin with "*.", which a policy zone replaces with the name asked for.
    bool holds(const OwnerName& target) const;
    bool holds(const Prefix& address) const;

private:
    std::vector<OwnerName> names_;
    std::vector<Prefix> addresses_;
};

}  // namespace saring::list
