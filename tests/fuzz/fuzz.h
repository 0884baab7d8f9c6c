// Code that the fuzz targets share. A target is one function of one input. It may throw the errors that bad input
// deserves inside `accepted`, and calls demand() for conditions that must hold for all other input. libFuzzer calls it
// in the preset `fuzz`; in every other build replay.cc runs it over the corpora, so that fixed findings stay fixed.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/error.h"

namespace saring::fuzz {

// Defined by each target.
void one(ByteView input);

// Ends the process; libFuzzer keeps the input.
[[noreturn]] void broken(const char* what);
inline void demand(bool holds, const char* what) {
    if (!holds) broken(what);
}

// False if `work` refuses its input by an Error of this kind with subject and reason. Any other exception is a finding.
template <typename F>
bool accepted(ErrorKind kind, F&& work) {
    try {
        work();
        return true;
    } catch (const Error& e) {
        demand(e.kind() == kind, "an error of another kind than for bad input");
        demand(!e.subject().empty() && !e.why().empty(), "an error without subject or reason");
        return false;
    }
}

// Reads an input; after its end every read gives zero or empty.
class Input {
public:
    explicit Input(ByteView rest) : rest_(rest) {}
    bool empty() const { return rest_.empty(); }
    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        auto b = static_cast<std::uint8_t>(rest_[0]);
        rest_.remove_prefix(1);
        return b;
    }
    ByteView take(std::size_t size) {
        auto out = rest_.substr(0, size);
        rest_.remove_prefix(out.size());
        return out;
    }
    // A piece after its length in one byte, or in two.
    ByteView piece() { return take(byte()); }
    ByteView long_piece() {
        std::size_t high = byte();
        return take(high << 8 | byte());
    }
    ByteView rest() { return take(rest_.size()); }

private:
    ByteView rest_;
};

}  // namespace saring::fuzz
