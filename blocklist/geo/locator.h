// Where a client is, as ISO 3166-2 codes: first by the ISP's own table of prefixes,
// which is exact since an ISP knows where it uses them, then by a MaxMind DB. Location
// databases differ, so the path to the code is configurable, and names can be
// translated to codes. Immutable after construction: safe to share between threads.
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
    // Where the record keeps the subdivision, e.g. subdivisions/0/iso_code.
    std::vector<std::string> mmdb_path{"subdivisions", "0", "iso_code"};
    std::string country_prefix = "ID-";        // put before a code that has none
    std::map<std::string, std::string> names;  // "Jakarta" -> "ID-JK"
    std::string prefix_table;                  // path; lines "10.1.0.0/16 ID-JK"
    bool unknown_is_inside = false;            // a client that cannot be located counts as in every region
};

class Locator {
public:
    // Reads both files whole, so that replacing or truncating them later cannot hurt a
    // running resolver. Throws Error(usage) naming the file and line.
    explicit Locator(const LocationConfig& config);
    ~Locator();
    Locator(const Locator&) = delete;
    Locator& operator=(const Locator&) = delete;

    // The region code; empty when it is not known. Never throws but for lack of memory.
    std::string region(const Prefix& address) const;

private:
    std::string from_table(const Prefix& address) const;
    std::string from_mmdb(const Prefix& address) const;
    void read_table(const std::string& path);

    LocationConfig config_;
    // By prefix length, longest first: one look-up a length that occurs.
    std::map<int, std::unordered_map<std::string, std::string>, std::greater<>> four_, six_;
    std::unique_ptr<Mmdb> mmdb_;
};

// Of a client's socket address; nothing for other families.
bool address_of(const sockaddr_storage& client, Prefix& out);

}  // namespace saring::geo
