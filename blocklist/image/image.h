// The published blocklist as a resolver has it: a base and what changed since, immutable and private to the
// process. Made once, then only read; every member is thread-safe and takes no lock.
//
// Nothing here throws on the query path or allocates. A block that is damaged although its hash is right (a bug,
// or memory that fails) lists nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "image/file.h"
#include "policy/decide.h"

namespace saring::image {

// The image in force, which another may replace. Nothing is demanded of the first.
struct Expected {
    LedgerId ledger{};
    std::uint64_t serial = 0;
};

class Image {
public:
    // What `folder`'s `current` names. A file that `before` has already is not read again. Throws Refusal with its
    // reason; nothing else.
    static std::shared_ptr<const Image> load(const std::string& folder, const std::optional<Expected>& expected = {},
                                             const Image* before = nullptr);
    // Of files that belong together. `delta` may be null. Throws Refusal(mismatch) when they do not.
    Image(std::shared_ptr<const File> base, std::shared_ptr<const File> delta);

    const State& state() const { return newest().state; }
    std::uint64_t serial() const { return newest().state.serial; }
    Expected expected() const { return {state().ledger, serial()}; }  // of whatever replaces this one
    std::uint64_t name_count() const { return newest().names; }
    std::uint64_t address_count() const { return newest().addresses; }
    std::size_t bytes() const { return base_->bytes() + (delta_ ? delta_->bytes() : 0); }
    const std::shared_ptr<const File>& base() const { return base_; }
    const std::shared_ptr<const File>& delta() const { return delta_; }

    // As Snapshot's: the closest listed name at or above the first `labels` labels of the key, and the longest
    // listed prefix that contains the address, of at most `length` bits.
    struct Listed {
        std::size_t labels;
        Claims entries;
    };
    std::optional<Listed> closest_listed(const LookupKey& key, std::size_t labels) const noexcept;
    struct ListedPrefix {
        Prefix prefix;
        Claims entries;
    };
    std::optional<ListedPrefix> closest_listed(const Prefix& address, int length) const noexcept;

    // policy/decide_over.h. One descent into each file finds all.
    template <typename Visit>
    void each_listed(const LookupKey& key, Visit visit) const;
    template <typename Visit>
    void each_listed(const Prefix& address, Visit visit) const;

    // Null when there is none. Valid as long as the image.
    const ImageOrder* order(policy::OrderIndex index) const noexcept;
    // The same record; the pointer does not own it, so that passing it on costs nothing: keep the image.
    std::shared_ptr<const policy::OrderRecord> shared_order(policy::OrderIndex index) const noexcept {
        const ImageOrder* o = order(index);
        return o ? std::shared_ptr<const policy::OrderRecord>(std::shared_ptr<void>(), &o->record) : nullptr;
    }
    // By index.
    const std::vector<std::shared_ptr<const ImageOrder>>& orders() const { return orders_; }

    // All that is listed, in order. Throws Refusal(malformed).
    void each_name(const std::function<void(ByteView key, const Claims& claims)>& visit) const;
    void each_address(const std::function<void(const Prefix& prefix, const Claims& claims)>& visit) const;

    // The names and addresses whose claims changed after `serial`, whatever they are now. False when that is not
    // known, because the base is newer: anything may have changed. Orders tell by themselves (ImageOrder::changed).
    bool each_changed_since(std::uint64_t serial, const std::function<void(ByteView key)>& name,
                            const std::function<void(const Prefix&)>& address) const;

private:
    // What both files found, each the most specific first; the delta's stands for the base's of the same place.
    template <typename At, typename Visit>
    void merge(std::size_t bases, std::size_t deltas, At at, Visit visit) const;

    const Footer& newest() const { return delta_ ? delta_->footer() : base_->footer(); }

    std::shared_ptr<const File> base_, delta_;
    std::vector<std::shared_ptr<const ImageOrder>> orders_;
};

Prefix shortened(const Prefix& address, int length) noexcept;

template <typename At, typename Visit>
void Image::merge(std::size_t bases, std::size_t deltas, At at, Visit visit) const {
    for (std::size_t b = 0, d = 0; b < bases || d < deltas;) {
        bool newer = d < deltas && (b == bases || at(true, d).first >= at(false, b).first);
        auto [place, set] = newer ? at(true, d) : at(false, b);
        Claims claims = (newer ? *delta_ : *base_).sets()[set];
        if (newer && b < bases && at(false, b).first == place) ++b;
        ++(newer ? d : b);
        if (!claims.empty()) visit(place, claims);
    }
}

template <typename Visit>
void Image::each_listed(const LookupKey& key, Visit visit) const {
    FoundName base[NameBlocks::max_found], delta[NameBlocks::max_found];
    std::size_t bases = base_->names().find(key, base), deltas = delta_ ? delta_->names().find(key, delta) : 0;
    // Found from the top downwards, wanted the other way.
    auto at = [&](bool newer, std::size_t i) {
        const FoundName& found = newer ? delta[deltas - 1 - i] : base[bases - 1 - i];
        return std::pair(std::size_t{found.labels}, found.set);
    };
    merge(bases, deltas, at, visit);
}

template <typename Visit>
void Image::each_listed(const Prefix& address, Visit visit) const {
    FoundPrefix base[AddressTable::max_found], delta[AddressTable::max_found];
    std::size_t bases = base_->addresses().find(address, base),
                deltas = delta_ ? delta_->addresses().find(address, delta) : 0;
    auto at = [&](bool newer, std::size_t i) {
        const FoundPrefix& found = newer ? delta[i] : base[i];
        return std::pair(int{found.length}, found.set);
    };
    merge(bases, deltas, at, [&](int length, const Claims& claims) { visit(shortened(address, length), claims); });
}

// The module's and explain's one function, over an image (policy/decide.h). The verdict points into the image.
policy::Verdict decide(const Image& image, const OwnerName& name, const policy::Circumstances& c,
               std::vector<policy::Considered>* trace = nullptr);
policy::Verdict decide(const Image& image, const Prefix& address, const policy::Circumstances& c,
               std::vector<policy::Considered>* trace = nullptr);

}  // namespace saring::image
