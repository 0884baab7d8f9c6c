// Whether safety rules have the data that they need, for `status` and `doctor`.
#pragma once

#include "config/config.h"
#include "output/output.h"

namespace saring::tool {

enum class SharedNetworksState {
    on,       // addresses in networks that many sites share are held
    no_data,  // no ASN data: every address target is held
    off,      // safety.shared_asns is empty: no address is held for its network
};
SharedNetworksState shared_networks_state(const config::SafetyConfig& config);

Json safety_state(const config::Config& config);
// Prints a line for each rule that lacks data or is off.
void print_safety_state(const config::Config& config);

// The problem, and the line to write into saring.toml. Both empty if the rule is on.
std::pair<Message, Message> shared_networks_problem(const config::Config& config);

}  // namespace saring::tool
