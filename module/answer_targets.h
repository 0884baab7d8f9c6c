// The targets of an answer besides the queried name: alias targets, service targets and addresses,
// collected by glue_read_answer and its siblings.
#pragma once

#include <vector>

#include "glue.h"
#include "name/owner_name.h"
#include "net/prefix.h"

namespace saring {

inline const std::uint8_t* octets(const OwnerName& name) {
    return reinterpret_cast<const std::uint8_t*>(name.wire().data());
}

struct AnswerTargets {
    std::vector<OwnerName> aliases;   // of CNAME and DNAME records, which hold for every type; in chain order
    std::vector<OwnerName> services;  // of HTTPS and SVCB records, which hold for the queried type only
    std::vector<Prefix> addresses;    // likewise

    bool empty() const { return aliases.empty() && services.empty() && addresses.empty(); }

    saring_sink sink() {
        return {this,
                [](void* self, const std::uint8_t* wire, std::size_t len) {
                    add(static_cast<AnswerTargets*>(self)->aliases, wire, len);
                },
                [](void* self, const std::uint8_t* wire, std::size_t len) {
                    add(static_cast<AnswerTargets*>(self)->services, wire, len);
                },
                [](void* self, std::uint8_t family, const std::uint8_t* octets) {
                    static_cast<AnswerTargets*>(self)->addresses.push_back(Prefix::of_address(family, octets));
                }};
    }

private:
    static void add(std::vector<OwnerName>& to, const std::uint8_t* wire, std::size_t len) {
        OwnerName name;
        if (OwnerName::from_wire(wire, len, name)) to.push_back(name);
    }
};

}  // namespace saring
