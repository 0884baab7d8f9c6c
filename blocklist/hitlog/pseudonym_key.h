// The key of clients' pseudonyms (client.h). All resolvers of a folder share it, in a file that only they can read
// (mode 0600): a reader of the hits cannot compute the pseudonym of an address. At the end of its period the key is
// destroyed and a new one is made. From then on nobody can compute the old pseudonym of an address.
#pragma once

#include <optional>
#include <string>

#include "hitlog/client.h"
#include "hitlog/hit.h"

namespace saring::hitlog {

class PseudonymKeeper {
public:
    PseudonymKeeper(std::string folder, unsigned days) : folder_(std::move(folder)), days_(days) {}

    // The key of the period of `now`. Makes its file if there is none: the first resolver that links a file to the
    // period's name makes the key of all. Throws Error(usage) if the file cannot be read or written.
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
