// Brings a database into the page cache ahead of the look-ups, as after a reboot: who looks up
// what is not there waits for the disk. A slice at a time, for a thread that may wait itself.
// Leaves what is there alone, and does nothing where the file would take too much of
// the memory that the machine has to spare.
#pragma once

#include <cstdint>

#include "ledger/lmdb.h"

namespace saring::ledger {

class Warming {
public:
    explicit Warming(const lmdb::Environment& environment);

    // The next slice; false when there is none left.
    bool step();

    std::uint64_t size() const { return size_; }            // octets that the database uses
    std::uint64_t available() const { return available_; }  // of memory, when this was made; 0: not known
    bool fits() const { return size_ <= available_ / 2; }

private:
    int file_;  // the environment's
    std::uint64_t size_, available_, at_ = 0;
};

}  // namespace saring::ledger
