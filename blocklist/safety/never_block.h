// Reads never-block files, one entry a line:
//
//   kpu.go.id          # General Elections Commission
//   .kpu.go.id         # the same, and everything below it
//   @short.example     # a host that many people share; as kpu.go.id, but told as such (rule shared-host)
//   @.short.example    # the same, and everything below it
//   *.go.id            # everything below it; of the name itself nothing is said
//   !people.example    # as kpu.go.id; names below it can be blocked although a name above protects them
//   192.0.2.0/24       # an address or prefix
//
// A name keeps itself and, from subtree blocks, every name above it. The comment is
// why, and is shown to whoever's order is held.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "name/owner_name.h"
#include "net/prefix.h"
#include "safety/protected_names.h"

namespace saring::safety {

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

struct NeverBlockEntry {
    std::optional<Prefix> prefix;  // else a name
    OwnerName name;
    ProtectedNames::Extent extent = ProtectedNames::Extent::itself;
    bool shared = false;
    std::string what;
};
// Each entry in turn; throws as NeverBlock::read.
void each_never_block_entry(ByteView text, const std::string& source,
                            const std::function<void(const NeverBlockEntry&)>& visit);

// conf/never-block.txt as it was when this program was built.
ByteView shipped_never_block();

}  // namespace saring::safety
