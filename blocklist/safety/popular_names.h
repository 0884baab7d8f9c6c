// Names that very many people use, by public rankings: Tranco and Umbrella publish a million lines "rank,name". A block
// of one is looked at by a person first. Immutable; safe to share between threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "list/name_set.h"
#include "policy/action.h"

namespace saring::safety {

class PopularNames {
public:
    // Keeps the lines whose rank is `most` or less, in some 40 bytes each. Throws Error(usage) naming the file and,
    // where one is wrong, the line: a ranking that cannot be read guards nothing.
    PopularNames(const std::vector<std::string>& files, std::uint32_t most);

    struct Hit {
        std::string name;  // that ranks
        std::uint32_t rank;
        std::string file;
    };
    // The best rank of the target itself, with or without a "www." that either may have; of a subtree also of what lies
    // below it.
    std::optional<Hit> hit_by(const OwnerName& target, policy::Match match) const;

    // Calls visit(index) for each name of a sorted list that may be a hit, as ProtectedNames::each_suspect.
    template <typename F>
    void each_suspect(const list::NameSet& list, F visit) const {
        ByteView before;
        for (const auto& e : entries_) {
            auto key = key_of(e);
            if (auto at = list.find(key)) visit(*at);
            if (auto at = list.find(Bytes(key) + www)) visit(*at);
            // The names above it, but for those that are above the entry before, too.
            auto shared = common_size(before, key);
            for (std::size_t end = key.find('\0') + 1; end < key.size(); end = key.find('\0', end) + 1)
                if (end > shared)
                    if (auto at = list.find(key.substr(0, end))) visit(*at);
            before = key;
        }
    }
    std::size_t size() const { return entries_.size(); }

private:
    struct Entry {
        std::uint32_t at, rank;  // of its key in keys_
        std::uint16_t size, file;
    };
    inline static const Bytes www{"www\0", 4};

    void read(const std::string& file, std::uint32_t most);
    ByteView key_of(const Entry& e) const { return ByteView(keys_).substr(e.at, e.size); }

    Bytes keys_;                  // lookup keys, "www" taken off
    std::vector<Entry> entries_;  // by key
    std::vector<std::string> files_;
};

}  // namespace saring::safety
