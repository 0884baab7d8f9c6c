// A set of names that no block may cover, each by itself or with all below it.
// Immutable once filled; a look-up costs one hash a label.
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
        itself,     // the name; names below it are as they are without it
        and_below,  // the name and every name below it
        below,      // every name below it
        not_below,  // the name; names below it are open, whatever protects the names above it
    };
    // `what` says why, for messages: "General Elections Commission". `shared`: many unrelated people's content bears
    // this one name. A name that is added twice has what protects more.
    void add(const OwnerName& name, Extent extent, const std::string& what, bool shared = false);

    enum class How {
        itself,  // the target is the name
        below,   // the target lies below a name that is protected with all below it
        above,   // the target's subtree holds the name
    };
    struct Hit {
        How how;
        OwnerName name;  // the protected one
        std::string what;
        bool shared;
    };
    std::optional<Hit> covered_by(const OwnerName& target, policy::Match match) const;

    // Calls visit(index) for each name of a sorted list that a subtree block would make a
    // hit, some more than once: asks the list for the protected names, not the reverse,
    // since lists are a thousand times longer.
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
    std::unordered_map<Bytes, Bytes> above_;  // key of every name above one -> key of one below it
};

}  // namespace saring::safety
