// The key of clients' pseudonyms (client.h): one for all resolvers of a folder, in a file of its own that only they
// can read (mode 0600), so that who may read the hits cannot try addresses against it. At the end of its period
// the next one replaces it, and with it goes the way from an address to its pseudonyms.
#pragma once

#include <optional>
#include <string>

#include "hitlog/client.h"
#include "hitlog/hit.h"

namespace saring::hitlog {

class PseudonymKeeper {
public:
    PseudonymKeeper(std::string folder, unsigned days) : folder_(std::move(folder)), days_(days) {}

    // The key of the period that `now` lies in; made, for all, when it is not there yet: whoever links its file to
    // the period's name first has made it. Throws Error(usage) when the file cannot be read or written.
    const PseudonymKey& key(Microseconds now);

private:
    struct Kept {
        std::int64_t period;
        PseudonymKey key;
    };
    std::string path_of(std::int64_t period) const;
    std::optional<Kept> read(const std::string& path) const;
    Kept make(std::int64_t period) const;

    const std::string folder_;
    const unsigned days_;
    std::optional<Kept> kept_;
};

}  // namespace saring::hitlog
