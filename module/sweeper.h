// Evicts from Unbound's message cache what an order blocks.
//
// The invariant: the message cache holds no answer that an order in force blocks for any client. That is: no answer
// to a query for a listed name (listed in any region; except the DS and DNSKEY that judge.h leaves open), none whose
// aliases, services or addresses are listed, and none with a listed name's address in its additional section.
// Unbound answers from this cache without calling any module, so the invariant makes a block hold for cached names,
// at no cost to other queries. It holds because
//   - each response from upstream is judged before Unbound stores it (Instance::before_storing): by the
//     question sent upstream, which may be a QNAME minimisation step or a name server's address, and by its
//     targets, including those of aliases in the RRset cache. Of a blocked response only the RRsets are
//     stored, which the iterator needs, and no message. The same holds for the response at an alias's target if
//     anything changed since the query began, or the module did not see it begin: the chain before it was judged
//     earlier or never;
//   - messages that Unbound combines from the RRset cache alone are judged too (Instance::before_cached_links);
//   - each query evicts at its end what it may have stored, steps included, judged by the image in force
//     after storing (Instance::clean_up), and stores what is allowed after all: an answer whose targets are listed but
//     whose name has a passthru, and an answer whose listed additional addresses were removed;
//   - after each publication, and when an order begins or ends, the whole cache is walked with
//     the new image;
//   - so of storing a message and publishing an image, the later one sees the earlier;
//   - messages that a worker judged before that walk and stored after it, because it was preempted in between, and
//     those that enter in other ways (load_cache) are found by the periodic walk, which also follows each change.
//
// Kept answers (keeping.cc) are blocked answers in the same cache; each holds what its order says to every client.
// It is stored by the image in force or evicted at once. Walks after a publication or an order's begin or end evict
// every kept answer that may have changed, so these walks also cover what a lifted or expired order listed. Periodic
// walks leave a kept answer in place while its order still decides.
//
// Clients that may query without RD (access-control: allow_snoop) are answered by Unbound from the RRset cache,
// with delegations whose additional section may hold a listed name server's address.
//
// The changed names themselves, the likeliest to be queried, do not wait for the
// walk: they are evicted by hash at once. The invariant rests on the walk alone.
//
// The lock of a cache table is held for one slice at a time (bins_a_slice, about 0.3 ms
// in a large cache) and never across a look-up; the watcher pauses between slices.
//
// Known limits while the validator waits for a key, for clients that set CD: the iterator stores a chain under its
// first name without asking the module if all of it is cached and dns64 began the query behind the module, or if the
// servers of the chain's end failed and the iterator looks into the cache once more. The query's end evicts it.
//
// Known limit: the validator stores the answer to a query that was under way when its name became listed, and the query
// evicts it as soon as the validator has ended, some microseconds later. In between, another worker may answer from it.
//
// Known limit: a query that waits for a silent upstream when its name becomes listed, and clients that join it, get
// their (blocked) answer only when Unbound gives up waiting, because a module is not called for clients that join a
// query. No client joins a query for a name that is already listed for some regions, while Unbound has room for more
// queries.
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
    // Treatment of kept answers in a walk.
    enum class Kept {
        judge,  // keep one while its order still decides
        evict,  // evict each: the change may have made it wrong, or its remaining lifetime too long
        leave,  // leave them: they belong to another instance
    };
    // `default_action`: of policy::Circumstances.
    Sweeper(module_env* env, const Images& images, policy::Action default_action, Kept kept)
        : env_(env), images_(images), default_action_(default_action), kept_(kept) {}

    // Evicts the changed names themselves, for the types that clients query most.
    void evict_hottest(const image::Reader& image, const ChangedNames& changed, UnixTime now);

    void start(std::optional<ChangedNames> only);  // begins a walk; nothing: judge every message
    bool step(Worker& worker, UnixTime now);       // walks one slice; false at the end of the cache
    std::uint64_t evicted() const { return evicted_; }

private:
    struct Message {
        saring_cached cached;
        std::size_t name_at;                     // of the qname in wire_
        std::size_t targets_begin, targets_end;  // in targets_
    };
    struct Target {
        bool is_name;          // else an address
        std::size_t at, size;  // in wire_
    };
    void clear();
    template <typename F>
    void copying(F copy) noexcept;
    void take(const saring_cached& message);
    void take_name(const std::uint8_t* wire, std::size_t size);
    void take_address(std::uint8_t family, const std::uint8_t* address);
    void evict_uncacheable(Worker& worker, UnixTime now);
    bool uncacheable(const image::Reader& image, const Message& m, const policy::Circumstances& c) const;
    bool listed(const image::Reader& image, const Target& target, const policy::Circumstances& c) const;

    module_env* env_;
    const Images& images_;
    const policy::Action default_action_;
    const Kept kept_;
    saring_walk at_{};
    std::optional<ChangedNames> only_;
    std::uint64_t evicted_ = 0;
    const saring_cached* current_ = nullptr;  // the message whose targets are being read
    bool taken_ = false, whole_ = false;      // current_ is in messages_; all its targets are judged
    bool addresses_listed_ = false, out_of_memory_ = false;
    // Copied from one slice under the lock: name and targets of each message that may have to be evicted.
    Bytes wire_;
    std::vector<Message> messages_;
    std::vector<Target> targets_;
};

}  // namespace saring
