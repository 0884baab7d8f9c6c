// The published blocklist in a resolver's memory: a base and a delta, immutable and private to the process. All threads
// share one Image; each looks names up through its own Reader.
//
// Nothing here throws or allocates on the query path. A block that is damaged although its hash is right (a bug, or
// faulty memory) lists nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "image/file.h"
#include "policy/decide.h"

namespace saring::image {

// The image in force. Only an image of the same ledger with the same or a later serial may replace it; serial 0 (no
// image) may be replaced by any.
struct Expected {
    LedgerId ledger{};
    std::uint64_t serial = 0;
};

class Image {
public:
    // Loads the image that `current` in `folder` names. Reuses files that `before` has. Throws only Refusal.
    static std::shared_ptr<const Image> load(const std::string& folder, const std::optional<Expected>& expected = {},
                                             const Image* before = nullptr, Reading reading = Reading::verified_copy);
    // `delta` may be null. Throws Refusal(mismatch) when the files do not belong together.
    Image(std::shared_ptr<const File> base, std::shared_ptr<const File> delta);

    const State& state() const { return newest().state; }
    std::uint64_t serial() const { return newest().state.serial; }
    Expected expected() const { return {state().ledger, serial()}; }  // to load the next image
    std::uint64_t name_count() const { return newest().names; }
    std::uint64_t address_count() const { return newest().addresses; }
    std::uint64_t bytes() const { return base_->bytes() + (delta_ ? delta_->bytes() : 0); }
    const std::shared_ptr<const File>& base() const { return base_; }
    const std::shared_ptr<const File>& delta() const { return delta_; }
    // Unique among the images of this process; never 0.
    std::uint64_t edition() const { return edition_; }

    // Null when there is no such order. Valid as long as the image.
    const ImageOrder* order(policy::OrderIndex index) const noexcept;
    const std::vector<std::shared_ptr<const ImageOrder>>& orders() const { return orders_; }  // by index

    // Visit everything that is listed, in order. Throw Refusal(malformed).
    void each_name(const std::function<void(ByteView key, const Claims& claims)>& visit) const;
    void each_address(const std::function<void(const Prefix& prefix, const Claims& claims)>& visit) const;

    // Visits the names and addresses whose claims changed after `serial`, whether listed now or not. False when they
    // are unknown: anything may have changed.
    bool each_changed_since(std::uint64_t serial, const std::function<void(ByteView key)>& name,
                            const std::function<void(const Prefix&)>& address) const;

    // Visits the names and addresses that one of these orders lists, and possibly some that it no longer lists, until a
    // visitor returns false. Reads every name: about 20 ns each.
    void each_listed_by(const std::function<bool(policy::OrderIndex)>& order,
                        const std::function<bool(ByteView key)>& name,
                        const std::function<bool(const Prefix&)>& address) const;

private:
    const Footer& newest() const { return delta_ ? delta_->footer() : base_->footer(); }

    std::shared_ptr<const File> base_, delta_;
    std::vector<std::shared_ptr<const ImageOrder>> orders_;
    std::uint64_t edition_;
};

// One thread's view of an image, which it keeps alive; a Source of policy/decide_over.h. Not thread-safe.
class Reader {
public:
    // Throws Refusal(memory).
    explicit Reader(std::shared_ptr<const Image> image);
    const Image& image() const { return *image_; }
    std::uint64_t serial() const { return image_->serial(); }
    std::uint64_t edition() const { return image_->edition(); }
    std::uint64_t address_count() const { return image_->address_count(); }

    // Visits all listed names or prefixes at and above the key, most specific first, with one descent into each file.
    template <typename Visitor>
    void each_listed(const LookupKey& key, Visitor visit) const;
    template <typename Visitor>
    void each_listed(const Prefix& address, Visitor visit) const;
    // Whether the name or an ancestor is listed.
    bool lists(const LookupKey& key) const;

    // Whether `wanted` accepts the claims of a listed name below the key. With more than max_below listed names there:
    // true, without looking at the remaining ones.
    static constexpr unsigned max_below = 64;
    bool any_below(const LookupKey& key, const std::function<bool(const Claims&)>& wanted) const;

    // The pointer does not own the record, which makes copies free: keep the image alive.
    std::shared_ptr<const policy::OrderRecord> shared_order(policy::OrderIndex index) const noexcept {
        const ImageOrder* o = image_->order(index);
        return o ? std::shared_ptr<const policy::OrderRecord>(std::shared_ptr<void>(), &o->record) : nullptr;
    }

private:
    // Merges results of both files, each most specific first; for the same name or prefix the delta's replaces the
    // base's.
    template <typename At, typename Visitor>
    void merge(std::size_t bases, std::size_t deltas, At at, Visitor visit) const;

    std::shared_ptr<const Image> image_;
    mutable NameCursor base_;
    mutable std::optional<NameCursor> delta_;
};

Prefix shortened(const Prefix& address, int length) noexcept;

template <typename At, typename Visitor>
void Reader::merge(std::size_t bases, std::size_t deltas, At at, Visitor visit) const {
    for (std::size_t b = 0, d = 0; b < bases || d < deltas;) {
        bool newer = d < deltas && (b == bases || at(true, d).first >= at(false, b).first);
        auto [place, set] = newer ? at(true, d) : at(false, b);
        Claims claims = (newer ? *image_->delta() : *image_->base()).sets()[set];
        if (newer && b < bases && at(false, b).first == place) ++b;
        ++(newer ? d : b);
        if (!claims.empty()) visit(place, claims);
    }
}

template <typename Visitor>
void Reader::each_listed(const LookupKey& key, Visitor visit) const {
    FoundName base[max_found], delta[max_found];
    std::size_t bases = base_.find(key, base), deltas = delta_ ? delta_->find(key, delta) : 0;
    // find() returns the topmost first; merge() needs the most specific first.
    auto at = [&](bool newer, std::size_t i) {
        const FoundName& found = newer ? delta[deltas - 1 - i] : base[bases - 1 - i];
        return std::pair(std::size_t{found.labels}, found.set);
    };
    merge(bases, deltas, at, visit);
}

template <typename Visitor>
void Reader::each_listed(const Prefix& address, Visitor visit) const {
    FoundPrefix base[AddressTable::max_found], delta[AddressTable::max_found];
    std::size_t bases = image_->base()->addresses().find(address, base),
                deltas = image_->delta() ? image_->delta()->addresses().find(address, delta) : 0;
    auto at = [&](bool newer, std::size_t i) {
        const FoundPrefix& found = newer ? delta[i] : base[i];
        return std::pair(int{found.length}, found.set);
    };
    merge(bases, deltas, at, [&](int length, const Claims& claims) { visit(shortened(address, length), claims); });
}

// The decision function of module and `explain`, over an image (policy/decide.h). The verdict points into the image.
policy::Verdict decide(const Reader& reader, const OwnerName& name, const policy::Circumstances& c,
                       std::vector<policy::ConsideredEntry>* trace = nullptr);
policy::Verdict decide(const Reader& reader, const Prefix& address, const policy::Circumstances& c,
                       std::vector<policy::ConsideredEntry>* trace = nullptr);

}  // namespace saring::image
