// The names and addresses that some commits, or orders that began or ended, changed. A walk through the cache skips
// messages whose name and targets are not among them. Used by the watcher's thread only.
#pragma once

#include <array>
#include <optional>
#include <unordered_set>
#include <vector>

#include "image/image.h"

namespace saring {

class ChangedNames {
public:
    static constexpr std::size_t max_names = 100000;
    static constexpr std::size_t max_addresses = 64;  // each is compared with each cached address
    static constexpr std::size_t max_few_names = 256;

    // Changes between two images, and by orders that began or ended in (since, now]. Nothing: unknown or too many,
    // so anything may have changed.
    static std::optional<ChangedNames> between(const image::Image& before, const image::Image& after, UnixTime since,
                                               UnixTime now);

    // Whether the name (wire format) or a name above it changed. False is certain; true may be a collision of
    // 64-bit hashes, which costs a look-up.
    bool may_contain_ancestor(const std::uint8_t* wire, std::size_t size) const;
    bool contains(const Prefix& address) const;

    bool empty() const { return !everything_ && hashes_.empty() && addresses_.empty(); }
    // Too much changed to be listed; few_names() then has the names whose own entries changed.
    bool everything() const { return everything_; }
    bool has_addresses() const { return !addresses_.empty(); }
    // The changed names if there are at most max_few_names, else none.
    const std::vector<OwnerName>& few_names() const { return names_; }

private:
    bool add(const OwnerName& name);
    bool add(const Prefix& address);
    bool has(std::uint64_t hash) const;

    bool everything_ = false;
    std::vector<OwnerName> names_;
    std::unordered_set<std::uint64_t> hashes_;
    // One bit a hash: excludes most names by one read of memory that stays in the CPU's cache.
    std::array<std::uint64_t, 1024> filter_{};
    std::vector<Prefix> addresses_;
};

}  // namespace saring
