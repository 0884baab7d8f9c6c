// From the ledger to the image folder. A command that committed publishes before it ends; one that died in
// between is made up for by the next.
//
// Every step leaves a whole image behind: a file gets its name when it is on the disk, `current` is replaced when
// the files that it names are, and what nothing names is removed last.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "image/format.h"
#include "ledger/database.h"

namespace saring::image {

struct PublishOptions {
    // A delta of more names and addresses is folded into a new base. 0: as FORMAT.md says, 1 % of the base's names
    // but at least 1,000 and at most a million.
    std::uint64_t max_delta = 0;
    // Give up waiting for another publication after so long.
    unsigned wait_seconds = 60;
    // The names of the lists that the newest commit added whole, which the ledger does not repeat; null when they are
    // not known. Without them such a commit is folded into a new base.
    const std::vector<Bytes>* names_of_new_lists = nullptr;
};

struct Publication {
    enum class How { nothing, delta, base };
    How how = How::nothing;  // nothing: what is there is of this serial and whole
    std::uint64_t serial = 0;
    LedgerId ledger{};
    std::uint64_t changed = 0;  // names and addresses, when they are known
    Message folded;             // why a base was written, when one was
};

// Makes the image in `folder`, which is created when it is not there, that of the ledger's newest commit. Any
// number of processes may call it at once; a lock in the ledger's folder lets one of them work. Throws Error(database):
// the ledger cannot be read, the folder not written, or another process holds the lock too long. Every file of the
// present image is read and its hash checked, so that a damaged one is replaced; the base once a process, as long as it
// is not touched.
Publication publish(ledger::Database& database, const std::string& folder, const PublishOptions& options = {});

// More changed names and addresses are folded into a new base of so many names.
constexpr std::uint64_t fold_limit(std::uint64_t base_names) {
    constexpr std::uint64_t least = 1000, most = 1000000;
    return base_names / 100 < least ? least : base_names / 100 > most ? most : base_names / 100;
}

}  // namespace saring::image
