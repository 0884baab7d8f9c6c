// [hits]: where hits are recorded, which part of a client's address they keep, and for how long. Each option's default,
// unit and reason: conf/saring.toml.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace saring::config {

// How much of the client's identity a hit records: hits/client.h.
enum class ClientPrivacy { prefix, keyed, none, full };

struct HitsConfig {
    std::string path = "/var/lib/saring/hits";  // empty: hits are not recorded
    std::string instance;                       // empty: the machine's host name
    ClientPrivacy client = ClientPrivacy::prefix;
    unsigned ipv4_bits = 24, ipv6_bits = 48;        // of a prefix
    unsigned key_days = 1;                          // lifetime of the key that makes pseudonyms
    unsigned keep_days = 30;                        // of records
    unsigned keep_hours_days = 400;                 // of the counts by hour
    std::size_t max_size = std::size_t{2} << 30;    // bytes of all segments; the oldest records are removed
    std::size_t queue_size = std::size_t{4} << 20;  // bytes a worker; allocated as needed
    std::string asn_mmdb;
    std::vector<std::string> asn_path{"autonomous_system_number"};

    // The name under which hits are recorded.
    std::string instance_name() const;
};

}  // namespace saring::config
