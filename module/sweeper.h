// Takes out of Unbound's message cache what an order now blocks.
//
// The invariant: whenever the module has finished with a query, no message for a name
// that an order in force lists (in any region), or whose alias chain or addresses lead
// to one, is in the message cache. Unbound answers from that cache without asking any
// module, so this is what makes a block hold for cached names, at no cost to others.
// It holds because
//   - each query that ends evicts what it may have stored, judged by a snapshot taken
//     after the storing (Instance::done),
//   - after each commit, and when an order's time comes, the whole cache is walked with
//     a snapshot taken after the commit,
//   - so of a message stored and a commit, whichever is later sees the other;
//   - what enters in other ways (load_cache) is found by the walk at intervals.
//
// The cache's locks are held for a few bins at a time and never across a look-up.
// Used by the watcher's thread only.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "glue.h"
#include "policy/decide.h"
#include "worker.h"

namespace saring {

// The names some commits touched: a message that leads to none of them needs no look-up.
class Touched {
public:
    static constexpr std::size_t most = 100000;

    // Between two serials; nothing when they touched too much to be worth it, or addresses.
    static std::optional<Touched> between(const Snapshot& snapshot, std::uint64_t after, std::uint64_t until);

    // Whether the name, in wire format, or a name above it was touched. False is certain;
    // true may rest on a collision of 64-bit hashes, and the decision follows anyway.
    bool may_contain_ancestor(const std::uint8_t* wire, std::size_t size) const;

    const std::vector<OwnerName>& names() const { return names_; }

private:
    std::vector<OwnerName> names_;
    std::unordered_set<std::uint64_t> hashes_;
};

class Sweeper {
public:
    explicit Sweeper(module_env* env) : env_(env) {}

    void start(std::optional<Touched> only);  // from the beginning of the cache
    // The touched names themselves, in the types that clients ask for most, ahead of the
    // walk that finds all else.
    void evict_hottest(const Snapshot& snapshot, const Touched& touched, UnixTime now);
    // A slice of the cache; false when the end is reached.
    bool step(Worker& worker, UnixTime now);
    std::uint64_t evicted() const { return evicted_; }

private:
    struct Message {
        saring_cached cached;
        std::size_t name_at;                 // of the qname in wire_
        std::size_t leads_begin, leads_end;  // in leads_
    };
    struct Lead {
        bool is_name;
        std::size_t at, size;  // in wire_
    };
    bool uncacheable(const Snapshot& snapshot, const Message& m, bool addresses, const Circumstances& c) const;
    bool name_uncacheable(const Snapshot& snapshot, const std::uint8_t* wire, std::size_t size, const Circumstances& c) const;

    module_env* env_;
    saring_walk at_{};
    std::optional<Touched> only_;
    std::uint64_t evicted_ = 0;
    // Copies of one slice.
    Bytes wire_;
    std::vector<Message> messages_;
    std::vector<Lead> leads_;
};

}  // namespace saring
