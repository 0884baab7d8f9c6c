#include "rpz/edits.h"

#include "name/lookup_key.h"

namespace saring {
namespace {

constexpr unsigned itself = 1, below = 2;

}  // namespace

void RpzEdits::add(const RpzRecord& record, bool added) {
    if (record.kind != RpzRecord::Kind::block) return;
    if (record.one_of_many && !added) {
        undecided_ = true;
        return;
    }
    auto& parts = record.address ? addresses_[*record.address] : names_[Bytes(LookupKey(record.name).view())];
    unsigned bit = record.match == Match::below ? below : itself;
    (added ? parts.given : parts.taken) |= bit;
    (added ? parts.taken : parts.given) &= ~bit;
}

Targets RpzEdits::targets(unsigned Parts::*parts) const {
    Targets out;
    for (const auto& [prefix, p] : addresses_)
        if (p.*parts) out.addresses.push_back(prefix);
    for (const auto& [key, p] : names_)
        if (unsigned bits = p.*parts)
            out.names.add(key, bits == itself ? Match::exact : bits == below ? Match::below : Match::subtree);
    return out;
}

Targets RpzEdits::removed() const { return targets(&Parts::taken); }
Targets RpzEdits::added() const { return targets(&Parts::given); }

}  // namespace saring
