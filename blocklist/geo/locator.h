// Finds a client's region, an ISO 3166-2 code: first in the ISP's own table of prefixes, which is exact, then in a
// MaxMind DB. Databases differ, so the path to the code in a record is configurable, and names can be mapped to codes.
// Immutable after construction: safe to share between threads.
#pragma once

#include <sys/socket.h>

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "geo/mmdb.h"
#include "net/prefix.h"

namespace saring::geo {

struct LocationConfig {
    std::string mmdb;  // path; empty: none
    // Path of the subdivision in a record, e.g. subdivisions/0/iso_code.
    std::vector<std::string> mmdb_path{"subdivisions", "0", "iso_code"};
    std::string country_prefix = "ID-";        // prepended to a code without one
    std::map<std::string, std::string> names;  // "Jakarta" -> "ID-JK"
    std::string prefix_table;                  // path; lines "10.1.0.0/16 ID-JK"
    bool unknown_is_inside = false;            // a client without a known region counts as in every region
};

class Locator {
public:
    // Reads both files into memory, so that replacing or truncating them later does not affect a running resolver.
    // Throws Error(usage) naming the file and line.
    explicit Locator(const LocationConfig& config);
    ~Locator();
    Locator(const Locator&) = delete;
    Locator& operator=(const Locator&) = delete;

    // The region code; empty when it is unknown. Throws only bad_alloc.
    std::string region(const Prefix& address) const;

private:
    std::string from_table(const Prefix& address) const;
    std::string from_mmdb(const Prefix& address) const;
    void read_table(const std::string& path);

    LocationConfig config_;
    // By prefix length, longest first: one look-up for each length that occurs.
    std::map<int, std::unordered_map<std::string, std::string>, std::greater<>> four_, six_;
    std::unique_ptr<Mmdb> mmdb_;
};

// The address of a client's socket; false for families other than IPv4 and IPv6.
bool address_of(const sockaddr_storage& client, Prefix& out);

}  // namespace saring::geo
