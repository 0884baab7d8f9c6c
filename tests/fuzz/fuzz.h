// What the fuzz targets share. A target is one function over one input: it may throw what
// bad input deserves inside `accepted`, and calls demand() for what must hold of the rest.
// libFuzzer drives it in the preset `fuzz`; in every other build replay.cc runs the corpora
// through the same function, so that a finding that was mended stays mended.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/error.h"

namespace saring::fuzz {

// Defined by each target.
void one(ByteView input);

// Ends the process; libFuzzer keeps the input that led here.
[[noreturn]] void broken(const char* what);
inline void demand(bool holds, const char* what) {
    if (!holds) broken(what);
}

// False when `work` refuses its input by an Error of this kind, saying what and why. Any
// other exception is a finding.
template <typename F>
bool accepted(ErrorKind kind, F&& work) {
    try {
        work();
        return true;
    } catch (const Error& e) {
        demand(e.kind() == kind, "an error of another kind than bad input deserves");
        demand(!e.subject().empty() && !e.why().empty(), "an error that does not say what and why");
        return false;
    }
}

// Takes an input apart; past its end everything is zero or empty.
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
    // Behind its length in one octet, or in two.
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
