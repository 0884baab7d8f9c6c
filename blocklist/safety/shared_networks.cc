#include "safety/shared_networks.h"

#include <algorithm>

#include "base/error.h"

namespace saring::safety {
namespace {

// Maximum number of networks examined within one prefix.
constexpr int max_networks = 65536;

// Advances `p` to the first address after its network of `length` bits; false past the end.
bool step_over(Prefix& p, unsigned length) {
    for (unsigned bit = length; bit < p.address.size() * 8; ++bit)
        p.address[bit / 8] &= static_cast<std::uint8_t>(~(0x80 >> bit % 8));
    for (unsigned bit = length; bit-- > 0;) {
        auto mask = static_cast<std::uint8_t>(0x80 >> bit % 8);
        p.address[bit / 8] ^= mask;
        if (p.address[bit / 8] & mask) return true;
    }
    return false;
}

}  // namespace

SharedNetworks::SharedNetworks(const config::SafetyConfig& config) : config_(config) {
    if (!config.asn_mmdb.empty()) mmdb_ = std::make_unique<geo::Mmdb>(config.asn_mmdb, "safety.asn_mmdb");
}

SharedNetworks::~SharedNetworks() = default;

std::optional<std::string> SharedNetworks::shared(const Prefix& prefix) const {
    if (!mmdb_) return std::nullopt;
    Prefix at = prefix;
    at.length = prefix.family == 4 ? 32 : 128;
    for (int step = 0; step < max_networks; ++step) {
        auto found = mmdb_->find(at, config_.asn_path);
        if (!found)
            throw Error(ErrorKind::usage, config_.asn_mmdb, msg("is damaged"),
                        msg("fetch it again, or unset safety.asn_mmdb"));
        if (found->has_number && std::find(config_.shared_asns.begin(), config_.shared_asns.end(), found->number) !=
                                     config_.shared_asns.end())
            return "AS" + std::to_string(found->number);
        if (found->length <= prefix.length || !step_over(at, found->length) || !prefix.contains(at))
            return std::nullopt;
    }
    return "more networks than can be looked through";
}

}  // namespace saring::safety
