// Reads never-block files, one entry a line:
//
//   kpu.go.id          # General Elections Commission
//   .kpu.go.id         # the same, and everything below it
//   @short.example     # like kpu.go.id, for a host that many people share (reported as rule shared-host)
//   @.short.example    # the same, and everything below it
//   *.go.id            # everything below it, but not the name itself
//   !people.example    # like kpu.go.id; names below it may be blocked although a name above protects them
//   192.0.2.0/24       # an address or prefix
//
// An entry protects its name, and from subtree blocks also every name above it. The comment is the reason, and is shown
// to the owner of a held order.
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

    // Throws Error(usage) that names `source` and the line, and says what is accepted.
    void read(ByteView text, const std::string& source);
    // The same for a file of the configuration; refuses also one without entries or with an unfinished last line: what
    // a full disk or a broken copy leaves must not switch the protection off.
    void read_whole(ByteView text, const std::string& source);
};

struct NeverBlockEntry {
    std::optional<Prefix> prefix;  // else a name
    OwnerName name;
    ProtectedNames::Extent extent = ProtectedNames::Extent::itself;
    bool shared = false;
    std::string what;
};
// Visits each entry; throws as NeverBlock::read.
void each_never_block_entry(ByteView text, const std::string& source,
                            const std::function<void(const NeverBlockEntry&)>& visit);

// The content of conf/never-block.txt when this program was built.
ByteView shipped_never_block();

}  // namespace saring::safety
