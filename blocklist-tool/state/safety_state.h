// Which safety rules have the data that they need, for `status` and `doctor`.
#pragma once

#include "config/config.h"
#include "output/output.h"

namespace saring::tool {

enum class SharedNetworksState {
    on,       // addresses of networks that many sites share are held
    no_data,  // nothing tells such networks: every address target is held
    off,      // safety.shared_asns is empty: no address is held for its network
};
SharedNetworksState shared_networks_state(const config::SafetyConfig& config);

Json safety_state(const config::Config& config);
// A line for each protection that does not work as it should.
void print_safety_state(const config::Config& config);

// As it is, and the line to write. Both empty when it is on.
std::pair<Message, Message> shared_networks_problem(const config::Config& config);

}  // namespace saring::tool
