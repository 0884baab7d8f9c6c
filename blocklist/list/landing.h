// Redirect targets of a response policy zone that mean a block. A zone does not tell a landing page, which means a
// block, from a substitute, such as a search engine's safe version, which does not; so the ISP names the landing pages.
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

    // `target` may begin with "*.", which a policy zone replaces with the qname.
    bool holds(const OwnerName& target) const;
    bool holds(const Prefix& address) const;

private:
    std::vector<OwnerName> names_;
    std::vector<Prefix> addresses_;
};

}  // namespace saring::list
