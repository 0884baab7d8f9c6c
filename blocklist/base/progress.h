// How far long work has come. The library reports; who shows it is the tool's business.
#pragma once

#include <cstdint>

#include "base/message.h"

namespace saring {

class Progress {
public:
    virtual ~Progress() = default;
    // `total` 0: not known. Units are what the sentence counts: "orders", "names", "bytes".
    virtual void begin(const Message& what, const Message& unit, std::uint64_t total) = 0;
    virtual void at(std::uint64_t done) = 0;
    virtual void end() = 0;
    // False: nobody looks, and what would only be done to show something can be left out.
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
