// Where hits are recorded, what of a client they keep, and for how long. Each option's
// default, unit and reason: conf/saring.toml, [hits].
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace saring::config {

// What a hit says of the subscriber: hits/client.h.
enum class ClientPrivacy { prefix, keyed, none, full };

struct HitsConfig {
    std::string path = "/var/lib/saring/hits";  // empty: hits are not recorded
    std::string instance;                       // empty: the machine's host name
    ClientPrivacy client = ClientPrivacy::prefix;
    unsigned ipv4_bits = 24, ipv6_bits = 48;        // of a prefix
    unsigned key_days = 1;                          // days a pseudonym's key holds
    unsigned keep_days = 30;                        // of records
    unsigned keep_hours_days = 400;                 // of the aggregates by hour
    std::size_t max_size = std::size_t{2} << 30;    // octets of the file in use; the oldest records give way
    std::size_t queue_size = std::size_t{4} << 20;  // octets a worker, touched only as far as needed
    std::string asn_mmdb;
    std::vector<std::string> asn_path{"autonomous_system_number"};

    // The name hits are recorded under.
    std::string instance_name() const;
};

}  // namespace saring::config
