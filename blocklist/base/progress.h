// Progress of long work. The library reports it; the tool decides how to show it.
#pragma once

#include <cstdint>

#include "base/message.h"

namespace saring {

class Progress {
public:
    virtual ~Progress() = default;
    // `total` 0: unknown. `unit`: what is counted: "orders", "names", "bytes".
    virtual void begin(const Message& what, const Message& unit, std::uint64_t total) = 0;
    virtual void at(std::uint64_t done) = 0;
    virtual void end() = 0;
    // False: nothing is shown, so work done only for the display can be skipped.
    virtual bool wanted() const { return true; }
};

class NoProgress : public Progress {
public:
    void begin(const Message&, const Message&, std::uint64_t) override {}
    void at(std::uint64_t) override {}
    void end() override {}
    bool wanted() const override { return false; }
};

// For callers that show nothing.
inline Progress& no_progress() {
    static NoProgress none;
    return none;
}

}  // namespace saring
