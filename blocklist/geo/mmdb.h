// A MaxMind DB file, read into memory, so that replacing or truncating the file later does not affect a running
// resolver. Immutable; safe to share between threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/prefix.h"

struct MMDB_s;

namespace saring::geo {

using MmdbPath = std::vector<std::string>;  // to a value in a record, e.g. subdivisions, 0, iso_code

class Mmdb {
public:
    // Throws Error(usage) naming the file; `option` is the one to unset.
    Mmdb(const std::string& file, const std::string& option);
    ~Mmdb();
    Mmdb(const Mmdb&) = delete;
    Mmdb& operator=(const Mmdb&) = delete;

    struct Found {
        unsigned length = 0;       // bits, in the address's own family, of the network found or absent
        std::string text;          // the value at the path, if it is a string
        std::uint32_t number = 0;  // if it is a number, or "AS64500"
        bool has_text = false, has_number = false;
    };
    // Nothing only when the database is damaged.
    std::optional<Found> find(const Prefix& address, const MmdbPath& path) const;

private:
    std::unique_ptr<MMDB_s, void (*)(MMDB_s*)> db_;
};

}  // namespace saring::geo
