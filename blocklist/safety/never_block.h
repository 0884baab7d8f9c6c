// Reads never-block files, one entry a line:
//
//   kpu.go.id          # General Elections Commission
//   .kpu.go.id         # the same, and everything below it
//   192.0.2.0/24       # an address or prefix
//
// A name keeps itself and, from subtree blocks, every name above it. The comment is
// why, and is shown to whoever's order is held.
#pragma once

#include <vector>

#include "net/prefix.h"
#include "safety/protected_names.h"

namespace saring {

struct ProtectedPrefix {
    Prefix prefix;
    std::string what;
};

struct NeverBlock {
    ProtectedNames names;
    std::vector<ProtectedPrefix> prefixes;

    // Throws Error(usage) that names `source`, the line and what would be right.
    void read(ByteView text, const std::string& source);
};

// conf/never-block.txt as it was when this program was built.
ByteView shipped_never_block();

}  // namespace saring
