// Where hits are shipped to. Whatever fails leaves it open whether the batch arrived;
// begin() finds that out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "hitlog/hit.h"

namespace saring::ship {

// A failure that may have gone in a moment: try again from begin().
class Interruption : public Error {
public:
    Interruption(const Message& what, const Message& why, const Message& remedy)
        : Error(ErrorKind::network, what, why, remedy) {}
};

// The stop signal came while something was awaited; the batch counts as not sent.
class Stopped : public std::exception {};

class Destination {
public:
    virtual ~Destination() = default;
    // Ends whatever an earlier attempt to ship this hit log may still be doing there.
    virtual void begin(const std::string& log_id) = 0;
    // The sequence up to which the hits of this run have arrived for good. `shipped`: up to where they had the last
    // time.
    virtual std::uint64_t arrived(const std::string& run, std::uint64_t shipped) = 0;
    // Whether one batch may hold both, as the destination takes a batch whole or not at all.
    virtual bool together(const hitlog::Hit& first, const hitlog::Hit& next) const = 0;
    // Returns when all of them, which are of one run, have arrived. Not empty; sequences rise.
    virtual void send(const std::string& run, const std::vector<hitlog::Hit>& batch) = 0;
};

}  // namespace saring::ship
