#include "rpz/edits.h"

#include "name/lookup_key.h"

namespace saring::rpz {
namespace {

constexpr unsigned itself_bit = 1, below_bit = 2;

}  // namespace

void RpzEdits::add(const RpzRecord& record, bool added) {
    if (record.kind != RpzRecord::Kind::block) return;
    if (record.one_of_many && !added) {
        undecided_ = true;
        return;
    }
    auto& parts = record.address ? addresses_[*record.address] : names_[Bytes(LookupKey(record.name).view())];
    unsigned bit = record.match == policy::Match::below ? below_bit : itself_bit;
    (added ? parts.given : parts.taken) |= bit;
    (added ? parts.taken : parts.given) &= ~bit;
}

list::Targets RpzEdits::targets(unsigned Parts::*parts) const {
    list::Targets out;
    for (const auto& [prefix, p] : addresses_)
        if (p.*parts) out.addresses.push_back(prefix);
    for (const auto& [key, p] : names_)
        if (unsigned bits = p.*parts)
            out.names.add(key, bits == itself_bit  ? policy::Match::exact
                               : bits == below_bit ? policy::Match::below
                                                   : policy::Match::subtree);
    return out;
}

list::Targets RpzEdits::removed() const { return targets(&Parts::taken); }
list::Targets RpzEdits::added() const { return targets(&Parts::given); }

}  // namespace saring::rpz
