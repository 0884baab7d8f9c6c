// Takes out of Unbound's message cache what an order now blocks.
//
// The invariant: no answer that an order in force forbids to anybody is in the message cache, while a query
// is under way or after it: none to a question for a listed name (in any region; but for DS and DNSKEY that
// judge.h leaves open), none whose aliases, services or addresses lead to one, none with a listed
// name's address in its additional section. Unbound answers from that cache without asking any module, so
// this is what makes a block hold for cached names, at no cost to others. It holds because
//   - each response from upstream is judged before Unbound stores it (Instance::before_storing): by the
//     question that was asked there, which may be a step of QNAME minimisation or a name server's address,
//     and by where it leads, on along aliases in the RRset cache. Of what is forbidden the RRsets are
//     stored, which the iterator needs, and no message;
//   - so is what Unbound puts together from the RRset cache alone (Instance::before_cached_links);
//   - each query that ends evicts what it may have stored, steps included, judged by the image in force
//     after the storing (Instance::clean_up), and stores what is allowed after all: what a passthru lets
//     lead to a listed name, and an answer without the additional addresses that were left out,
//   - after each publication, and when an order's time comes, the whole cache is walked with
//     the image published after the commit,
//   - so of a message stored and a commit, whichever is later sees the other;
//   - what enters in other ways (load_cache) is found by the walk at intervals.
//
// And of blocked answers that are kept there (keeping.cc): each is what its order alone says to every client. It is
// stored by the image in force or evicted at once. The walks after a publication, and at an order's time, evict every
// one that may be touched, so what an order's end or lifting touches is walked for as well; those at intervals leave it
// while the verdict is that order's still.
//
// Clients that may ask without RD (access-control: allow_snoop) are answered from the RRset cache by
// Unbound itself: with delegations, in whose additional section a listed name server's address may be.
//
// The touched names themselves, which are the likeliest to be hot, do not wait for the
// walk: they are evicted by their hash at once. The invariant rests on the walk alone.
//
// The locks of the cache's tables are held for a slice at a time (bins_a_slice, some 0.3 ms
// in a large cache) and never across a look-up; the watcher pauses between slices.
//
// Known limit: a question that waits for a silent upstream when its name becomes listed,
// and the same question of others who join it, are answered (blocked) only when
// Unbound gives up waiting: a module is not asked about clients that join a query. Questions for names
// that are listed for some regions already are joined by nobody, while there is room.
//
// Used by the watcher's thread only.
#pragma once

#include <optional>
#include <vector>

#include "changed_names.h"
#include "glue.h"
#include "image/image.h"
#include "worker.h"

namespace saring {

class Sweeper {
public:
    // What becomes of kept answers that a walk comes to.
    enum class Kept {
        judge,  // one stays while it is what its order says
        evict,  // none stays: whatever changed may have made it wrong, in its lifetime too
        leave,  // they are another instance's
    };
    // `default_action`: Circumstances'.
    Sweeper(module_env* env, const Images& images, policy::Action default_action, Kept kept)
        : env_(env), images_(images), default_action_(default_action), kept_(kept) {}

    // The touched names themselves, in the types that clients ask for most.
    void evict_hottest(const image::Reader& image, const ChangedNames& touched, UnixTime now);

    void start(std::optional<ChangedNames> only);  // a walk, from the beginning of the cache
    bool step(Worker& worker, UnixTime now);       // a slice; false when the end is reached
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
    void clear();
    template <typename F>
    void copying(F copy) noexcept;
    void take(const saring_cached& message);
    void take_name(const std::uint8_t* wire, std::size_t size);
    void take_address(std::uint8_t family, const std::uint8_t* address);
    void evict_those_listed(Worker& worker, UnixTime now);
    bool uncacheable(const image::Reader& image, const Message& m, const policy::Circumstances& c) const;
    bool listed(const image::Reader& image, const Lead& lead, const policy::Circumstances& c) const;

    module_env* env_;
    const Images& images_;
    const policy::Action default_action_;
    const Kept kept_;
    saring_walk at_{};
    std::optional<ChangedNames> only_;
    std::uint64_t evicted_ = 0;
    const saring_cached* current_ = nullptr;  // the message whose leads are being read
    bool taken_ = false, whole_ = false;      // of it: copied already; all its leads count
    bool addresses_listed_ = false, out_of_memory_ = false;
    // Copies of one slice: of each message that may have to go, the name and the leads.
    Bytes wire_;
    std::vector<Message> messages_;
    std::vector<Lead> leads_;
};

}  // namespace saring
