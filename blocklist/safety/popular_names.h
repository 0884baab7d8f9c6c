// Names in public rankings of popular sites: Tranco and Umbrella publish a million lines "rank,name". A block of one is
// held until a person releases it. Immutable; safe to share between threads.
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
    // Keeps the lines with rank `max_rank` or better, in about 40 bytes each. Throws Error(usage) naming the file and
    // the bad line: a ranking that cannot be read would protect nothing.
    PopularNames(const std::vector<std::string>& files, std::uint32_t max_rank);

    struct Hit {
        std::string name;  // the ranked name
        std::uint32_t rank;
        std::string file;
    };
    // The best rank of the target, with or without "www." in either; of a subtree also of names below the target.
    std::optional<Hit> hit_by(const OwnerName& target, policy::Match match) const;

    // Calls visit(index) for each name of a sorted list that may be a hit; see ProtectedNames::each_suspect.
    template <typename F>
    void each_suspect(const list::NameSet& list, F visit) const {
        ByteView before;
        for (const auto& e : entries_) {
            auto key = key_of(e);
            if (auto at = list.find(key)) visit(*at);
            if (auto at = list.find(Bytes(key) + www)) visit(*at);
            // Names above it, except those above the previous entry.
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
        std::uint32_t at, rank;  // `at`: offset of its key in keys_
        std::uint16_t size, file;
    };
    inline static const Bytes www{"www\0", 4};

    void read(const std::string& file, std::uint32_t max_rank);
    ByteView key_of(const Entry& e) const { return ByteView(keys_).substr(e.at, e.size); }

    Bytes keys_;                  // lookup keys, without "www"
    std::vector<Entry> entries_;  // by key
    std::vector<std::string> files_;
};

}  // namespace saring::safety
