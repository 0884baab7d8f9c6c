#include "list/landing.h"

#include <algorithm>

#include "hostname/host_name.h"

namespace saring::list {

Landings::Landings(const std::vector<std::string>& texts, const std::string& field) {
    for (const auto& text : texts) {
        try {
            addresses_.push_back(Prefix::parse(text));
            continue;
        } catch (const Error&) {}
        try {
            names_.push_back(hostname::parse_name_input(text));
        } catch (const Error& e) {
            throw Error(ErrorKind::usage, field, e.why(),
                        e.remedy() + msg("; write e.g. landing.example or 192.0.2.80"));
        }
        if (names_.back().is_root())
            throw Error(ErrorKind::usage, field, msg("\"%1\" is the root", text),
                        msg("write e.g. landing.example or 192.0.2.80"));
    }
}

bool Landings::holds(const OwnerName& target) const {
    bool wild = target.wire().substr(0, 2) == ByteView("\1*", 2);
    const OwnerName name = wild ? target.parent() : target;
    return std::find(names_.begin(), names_.end(), name) != names_.end();
}

bool Landings::holds(const Prefix& address) const {
    return std::any_of(addresses_.begin(), addresses_.end(), [&](const Prefix& p) { return p.contains(address); });
}

}  // namespace saring::list
