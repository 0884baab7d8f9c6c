// A set of names that no block may cover; each name may include all names below it. Immutable once filled; a look-up
// costs one hash for each label.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "list/name_set.h"
#include "name/owner_name.h"
#include "policy/action.h"

namespace saring::safety {

class ProtectedNames {
public:
    enum class Extent {
        itself,     // the name only
        and_below,  // the name and every name below it
        below,      // every name below it
        not_below,  // the name; names below it are not protected, even if a name above protects them
    };
    // `what`: the reason, for messages: "General Elections Commission". `shared`: many unrelated people have content
    // under this name. For a name that is added twice the wider protection counts.
    void add(const OwnerName& name, Extent extent, const std::string& what, bool shared = false);

    enum class How {
        itself,  // the target is the protected name
        below,   // the target is below a name that protects all names below it
        above,   // the target's subtree contains the protected name
    };
    struct Hit {
        How how;
        OwnerName name;  // the protected one
        std::string what;
        bool shared;
    };
    std::optional<Hit> covered_by(const OwnerName& target, policy::Match match) const;

    // Calls visit(index) for each name of a sorted list that may be a hit for a subtree block, some more than once.
    // Looks protected names up in the list, not the reverse, since lists are a thousand times longer.
    template <typename F>
    void each_suspect(const list::NameSet& list, F visit) const {
        for (const auto& [key, entry] : names_) {
            if (auto at = list.find(key)) visit(*at);
            if (!protects_below(entry.extent)) continue;
            for (auto i = list.lower_bound(key); i < list.size() && list[i].substr(0, key.size()) == key; ++i) visit(i);
        }
        for (const auto& above : above_)
            if (auto at = list.find(above.first)) visit(*at);
    }
    std::size_t size() const { return names_.size(); }

private:
    static bool protects_below(Extent e) { return e == Extent::and_below || e == Extent::below; }
    struct Entry {
        OwnerName name;
        Extent extent;
        std::string what;
        bool shared;
    };
    std::unordered_map<Bytes, Entry> names_;  // by lookup key
    std::unordered_map<Bytes, Bytes> above_;  // key of each name above a protected one -> that one's key
};

}  // namespace saring::safety
