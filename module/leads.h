// What an answer leads to besides the queried name: alias targets and addresses,
// gathered from Unbound's structures by the glue.
#pragma once

#include <vector>

#include "glue.h"
#include "name/owner_name.h"
#include "net/prefix.h"

namespace saring {

struct Leads {
    std::vector<OwnerName> names;  // in the order of the chain
    std::vector<Prefix> addresses;

    saring_sink sink() {
        return {this,
                [](void* self, const std::uint8_t* wire, std::size_t len) {
                    OwnerName name;
                    if (OwnerName::from_wire(wire, len, name)) static_cast<Leads*>(self)->names.push_back(name);
                },
                [](void* self, std::uint8_t family, const std::uint8_t* octets) {
                    static_cast<Leads*>(self)->addresses.push_back(Prefix::of_address(family, octets));
                }};
    }
};

}  // namespace saring
