#include "safety/protected_names.h"

#include "name/lookup_key.h"

namespace saring::safety {

void ProtectedNames::add(const OwnerName& name, Extent extent, const std::string& what, bool shared) {
    LookupKey key(name);
    auto [at, fresh] = names_.try_emplace(Bytes(key.view()), Entry{name, extent, what, shared});
    if (auto& known = at->second.extent; !fresh && known != extent)
        known = protects_below(known) || protects_below(extent) ? Extent::and_below : Extent::itself;
    if (extent == Extent::below) above_.try_emplace(Bytes(key.view()), key.view());
    for (std::size_t labels = 1; labels < key.labels(); ++labels)
        above_.try_emplace(Bytes(key.ancestor(labels)), key.view());
}

std::optional<ProtectedNames::Hit> ProtectedNames::covered_by(const OwnerName& target, policy::Match match) const {
    LookupKey key(target);
    auto hit = [](How how, const Entry& e) { return Hit{how, e.name, e.what, e.shared}; };
    if (auto at = names_.find(Bytes(key.view())); at != names_.end()) {
        auto extent = at->second.extent;
        if (covers_itself(match) && extent != Extent::below) return hit(How::itself, at->second);
        if (!covers_itself(match) && protects_below(extent)) return hit(How::below, at->second);
    }
    for (std::size_t labels = key.labels(); labels-- > 1;) {
        auto at = names_.find(Bytes(key.ancestor(labels)));
        if (at == names_.end()) continue;
        if (protects_below(at->second.extent)) return hit(How::below, at->second);
        if (at->second.extent == Extent::not_below) break;
    }
    if (!covers_below(match)) return std::nullopt;
    if (auto at = above_.find(Bytes(key.view())); at != above_.end()) return hit(How::above, names_.at(at->second));
    return std::nullopt;
}

}  // namespace saring::safety
