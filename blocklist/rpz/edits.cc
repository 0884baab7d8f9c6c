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
    auto& parts = names_[Bytes(LookupKey(record.name).view())];
    unsigned bit = record.match == Match::below ? below : itself;
    (added ? parts.given : parts.taken) |= bit;
    (added ? parts.taken : parts.given) &= ~bit;
}

NameSet RpzEdits::names(unsigned Parts::*parts) const {
    NameSet out;
    for (const auto& [key, p] : names_)
        if (unsigned bits = p.*parts) out.add(key, bits == itself ? Match::exact : bits == below ? Match::below : Match::subtree);
    return out;
}

NameSet RpzEdits::removed() const { return names(&Parts::taken); }
NameSet RpzEdits::added() const { return names(&Parts::given); }

}  // namespace saring
