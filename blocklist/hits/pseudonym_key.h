// The key of clients' pseudonyms (client.h): one for all resolvers of a hits database, in
// a file of its own that only they can read (mode 0600), so that who may read the hits
// cannot try addresses against it. At the end of its period the next one replaces it, and
// with it goes the way from an address to its pseudonyms.
#pragma once

#include <memory>
#include <optional>

#include "hits/client.h"
#include "hits/database.h"

namespace saring::hits {

class PseudonymKeeper {
public:
    PseudonymKeeper(const config::HitsConfig& config) : folder_(config.path), days_(config.key_days) {}

    // The key of the period that `now` lies in; made, for all, when it is not there yet.
    // Throws Error(usage) when the file cannot be read or written. `db`: whoever holds its
    // writers' lock makes the key.
    const PseudonymKey& key(HitsDatabase& db, Microseconds now);

private:
    struct Kept {
        std::int64_t period;
        PseudonymKey key;
    };
    std::optional<Kept> read() const;

    const std::string folder_;
    const unsigned days_;
    std::optional<Kept> kept_;
};

}  // namespace saring::hits
