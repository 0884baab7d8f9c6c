// The expected number of names and addresses of a list: "900" or "90000-110000".
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace saring::list {

struct ExpectedCount {
    std::uint64_t min = 0, max = 0;

    // Throws Error(usage) naming `field` and the text.
    static ExpectedCount parse(const std::string& text, const Message& field);
    // Throws Error(refused) naming `source` when `found` is outside the range.
    static void require(const std::string& text, std::uint64_t found, const Message& field, const Message& source);
};

}  // namespace saring::list
