// Publishes the ledger to the image folder. A command that committed publishes before it ends; if it dies before that,
// the next command that writes publishes.
//
// After every step the folder has a complete image: a file gets its name when it is on disk, `current` is replaced when
// the files it names are on disk, and files without a name in `current` are removed last.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "image/format.h"
#include "ledger/database.h"

namespace saring::image {

struct PublishOptions {
    // A delta with more names and addresses is folded into a new base. 0: the limit in FORMAT.md, 1 % of the base's
    // names, at least 1,000 and at most a million.
    std::uint64_t max_delta = 0;
    // Time limit for waiting for another publication.
    unsigned wait_seconds = 60;
    // Names of the lists that the newest commit added whole, which the ledger does not record; null when unknown.
    // Without them such a commit is folded into a new base.
    const std::vector<Bytes>* names_of_new_lists = nullptr;
    // Whether the image of another ledger may be replaced.
    bool replaces_others = true;
};

struct Publication {
    enum class How { nothing, delta, base };
    How how = How::nothing;  // nothing: the present image has this serial and is complete
    std::uint64_t serial = 0;
    LedgerId ledger{};
    std::uint64_t changed = 0;  // number of names and addresses, if known
    Message folded;             // the reason for a new base, if one was written
};

// Makes the image in `folder` that of the ledger's newest commit; creates the folder if needed. Several processes may
// call it at once: a lock in the ledger's folder serialises them. Throws Error(database) when the ledger cannot be
// read, the folder cannot be written or has another ledger's image, or another process holds the lock too long.
// Verifies the hash of every file of the present image, so that a damaged file is replaced; the base once a process,
// unless it is modified.
Publication publish(ledger::Database& database, const std::string& folder, const PublishOptions& options = {});

// Limit of changed names and addresses, above which they are folded into a new base.
constexpr std::uint64_t fold_limit(std::uint64_t base_names) {
    constexpr std::uint64_t lower = 1000, upper = 1000000;
    return base_names / 100 < lower ? lower : base_names / 100 > upper ? upper : base_names / 100;
}

}  // namespace saring::image
