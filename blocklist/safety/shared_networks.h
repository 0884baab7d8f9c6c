// Networks that many unrelated sites share, identified by autonomous system number in a MaxMind DB (GeoLite2 ASN, DB-IP
// ASN, or any other with that number). Immutable; safe to share between threads.
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

    // False without a database, unless safety.shared_asns is empty.
    bool can_tell() const { return mmdb_ || config_.shared_asns.empty(); }
    // The shared network that contains the prefix or part of it: "AS13335".
    std::optional<std::string> shared(const Prefix& prefix) const;

private:
    const config::SafetyConfig config_;
    std::unique_ptr<geo::Mmdb> mmdb_;
};

}  // namespace saring::safety
