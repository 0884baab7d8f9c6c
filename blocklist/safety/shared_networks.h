// Networks whose addresses many unrelated sites share, told by their autonomous system
// number from a MaxMind DB (GeoLite2 ASN, DB-IP ASN, or any that keeps the number).
// Immutable; safe to share between threads.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "config/safety_config.h"
#include "geo/mmdb.h"
#include "net/prefix.h"

namespace saring::safety {

class SharedNetworks {
public:
    // Throws Error(usage) naming the file.
    explicit SharedNetworks(const config::SafetyConfig& config);
    ~SharedNetworks();
    SharedNetworks(const SharedNetworks&) = delete;
    SharedNetworks& operator=(const SharedNetworks&) = delete;

    // False without a database, unless no network is to be looked for (safety.shared_asns is empty).
    bool can_tell() const { return mmdb_ || config_.shared_asns.empty(); }
    // Why the prefix, or part of it, lies in such a network: "AS13335".
    std::optional<std::string> shared(const Prefix& prefix) const;

private:
    const config::SafetyConfig config_;
    std::unique_ptr<geo::Mmdb> mmdb_;
};

}  // namespace saring::safety
