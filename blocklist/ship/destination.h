// A destination of hits. After a failure it is unknown whether the batch arrived; begin() finds out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "hitlog/hit.h"

namespace saring::ship {

// A failure that may be temporary: try again from begin().
class TemporaryFailure : public Error {
public:
    TemporaryFailure(const Message& what, const Message& why, const Message& remedy)
        : Error(ErrorKind::network, what, why, remedy) {}
};

// The stop signal arrived while waiting; the batch counts as not sent.
class Stopped : public std::exception {};

class Destination {
public:
    virtual ~Destination() = default;
    // Ends the effect of all earlier attempts to ship this hit log.
    virtual void begin(const std::string& log_id) = 0;
    // The sequence up to which hits of this run have arrived durably. `shipped`: its last known value.
    virtual std::uint64_t arrived(const std::string& run, std::uint64_t shipped) = 0;
    // Whether one batch may contain both, given that the destination accepts a batch completely or not at all.
    virtual bool together(const hitlog::Hit& first, const hitlog::Hit& next) const = 0;
    // Returns when the whole batch has arrived. It is of one run and not empty; sequences rise.
    virtual void send(const std::string& run, const std::vector<hitlog::Hit>& batch) = 0;
};

}  // namespace saring::ship
