#include "safety/protected_names.h"

#include "name/lookup_key.h"

namespace saring {

void ProtectedNames::add(const OwnerName& name, bool and_below, const std::string& what) {
    LookupKey key(name);
    auto [at, fresh] = names_.try_emplace(Bytes(key.view()), Entry{name, and_below, what});
    if (!fresh) at->second.and_below |= and_below;
    for (std::size_t labels = 1; labels < key.labels(); ++labels) above_.try_emplace(Bytes(key.ancestor(labels)), key.view());
}

std::optional<ProtectedNames::Hit> ProtectedNames::covered_by(const OwnerName& target, Match match) const {
    LookupKey key(target);
    auto hit = [](How how, const Entry& e) { return Hit{how, e.name, e.what}; };
    if (auto at = names_.find(Bytes(key.view())); at != names_.end()) {
        if (covers_itself(match)) return hit(How::itself, at->second);
        if (at->second.and_below) return hit(How::below, at->second);
    }
    for (std::size_t labels = key.labels(); labels-- > 1;)
        if (auto at = names_.find(Bytes(key.ancestor(labels))); at != names_.end() && at->second.and_below) return hit(How::below, at->second);
    if (!covers_below(match)) return std::nullopt;
    if (auto at = above_.find(Bytes(key.view())); at != above_.end()) return hit(How::above, names_.at(at->second));
    return std::nullopt;
}

}  // namespace saring
