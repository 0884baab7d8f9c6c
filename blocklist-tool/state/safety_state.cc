#include "state/safety_state.h"

namespace saring::tool {

SharedNetworksState shared_networks_state(const config::SafetyConfig& config) {
    if (config.shared_asns.empty()) return SharedNetworksState::off;
    return config.asn_mmdb.empty() ? SharedNetworksState::no_data : SharedNetworksState::on;
}

Json safety_state(const config::Config& config) {
    constexpr const char* words[] = {"on", "no-data", "off"};
    return {{"shared_networks", words[static_cast<int>(shared_networks_state(config.safety))]},
            {"popular_lists", config.safety.popular_lists.size()}};
}

std::pair<Message, Message> shared_networks_problem(const config::Config& config) {
    switch (shared_networks_state(config.safety)) {
        case SharedNetworksState::on: break;
        case SharedNetworksState::no_data:
            return {msg("no ASN data says which networks many unrelated sites share: every address target is held"),
                    msg("in %1: [safety] asn_mmdb = \"FILE.mmdb\" (GeoLite2 ASN, DB-IP ASN Lite)", config.source)};
        case SharedNetworksState::off:
            return {msg("safety.shared_asns is empty: an address that many unrelated sites share is blocked like any "
                        "other"),
                    msg("in %1: take shared_asns out of [safety], and set asn_mmdb = \"FILE.mmdb\"", config.source)};
    }
    return {};
}

void print_safety_state(const config::Config& config) {
    if (auto [what, remedy] = shared_networks_problem(config); !what.empty())
        print(tr("safety     %1; %2", what, remedy));
}

}  // namespace saring::tool
