// What some commits, or orders whose time came, touched: a message that neither is nor
// leads to any of it needs no look-up when the cache is walked for them. Used by the
// watcher's thread only.
#pragma once

#include <array>
#include <optional>
#include <unordered_set>
#include <vector>

#include "image/image.h"

namespace saring {

class ChangedNames {
public:
    static constexpr std::size_t most_names = 100000;
    static constexpr std::size_t most_addresses = 64;  // each compared with each address of the cache
    static constexpr std::size_t most_hottest = 256;

    // By the commits between two images, and by the orders that began or ceased to count in
    // (since, now]. Nothing when that is not known: everything may be touched.
    static std::optional<ChangedNames> between(const image::Image& before, const image::Image& after, UnixTime since,
                                               UnixTime now);

    // Whether the name, in wire format, or a name above it was touched. False is certain;
    // true may rest on a collision of 64-bit hashes, and the decision follows anyway.
    bool may_contain_ancestor(const std::uint8_t* wire, std::size_t size) const;
    bool contains(const Prefix& address) const;

    bool empty() const { return !everything_ && hashes_.empty() && addresses_.empty(); }
    // More than is told here: the names that few_names() has are those whose claims changed.
    bool everything() const { return everything_; }
    bool has_addresses() const { return !addresses_.empty(); }
    // The names themselves when they are few, else none.
    const std::vector<OwnerName>& few_names() const { return names_; }

private:
    bool add(const OwnerName& name);
    bool add(const Prefix& address);
    bool has(std::uint64_t hash) const;

    bool everything_ = false;
    std::vector<OwnerName> names_;
    std::unordered_set<std::uint64_t> hashes_;
    // One bit a hash, so that most names are told by one look at what stays in the CPU's cache.
    std::array<std::uint64_t, 1024> filter_{};
    std::vector<Prefix> addresses_;
};

}  // namespace saring
