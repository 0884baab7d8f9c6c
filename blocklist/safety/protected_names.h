// A set of names that no block may cover, each by itself or with all below it.
// Immutable once filled; a look-up costs one hash a label.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "order/order.h"
#include "store/name_set.h"

namespace saring {

class ProtectedNames {
public:
    // `what` says why, for messages: "General Elections Commission".
    void add(const OwnerName& name, bool and_below, const std::string& what);

    enum class How {
        itself,  // the target is the name
        below,   // the target lies below a name that is protected with all below it
        above,   // the target's subtree holds the name
    };
    struct Hit {
        How how;
        OwnerName name;  // the protected one
        std::string what;
    };
    std::optional<Hit> covered_by(const OwnerName& target, Match match) const;

    // Calls visit(index) for each name of a sorted list that a subtree block would make a
    // hit, some more than once: asks the list for the protected names, not the reverse,
    // since lists are a thousand times longer.
    template <typename F>
    void each_suspect(const NameSet& list, F visit) const {
        for (const auto& [key, entry] : names_) {
            if (auto at = list.find(key)) visit(*at);
            if (!entry.and_below) continue;
            for (auto i = list.lower_bound(key); i < list.size() && list[i].substr(0, key.size()) == key; ++i) visit(i);
        }
        for (const auto& above : above_)
            if (auto at = list.find(above.first)) visit(*at);
    }
    std::size_t size() const { return names_.size(); }

private:
    struct Entry {
        OwnerName name;
        bool and_below;
        std::string what;
    };
    std::unordered_map<Bytes, Entry> names_;   // by lookup key
    std::unordered_map<Bytes, Bytes> above_;   // key of every name above one -> key of one below it
};

}  // namespace saring
