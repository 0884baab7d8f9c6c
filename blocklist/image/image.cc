#include "image/image.h"

#include <algorithm>

#include "image/folder.h"
#include "image/refusal.h"
#include "policy/decide_over.h"

namespace saring::image {
namespace {

// A publication that replaces the image while it is read removes what `current` named a moment before.
constexpr int attempts = 5;

std::shared_ptr<const File> known(const std::shared_ptr<const File>& file, const FileRef& ref) {
    return file && file->ref() == ref ? file : nullptr;
}

std::shared_ptr<const Image> load_once(int folder, const std::optional<Expected>& expected, const Image* before) {
    Current current = read_current(folder);
    // Before a large file is read in vain.
    if (expected && current.state.ledger != expected->ledger)
        throw Refusal(Reason::other_ledger, current_name, msg("is of another ledger than the image in force"),
                      msg("restart the resolver if the database was exchanged on purpose"));
    if (expected && current.state.serial < expected->serial)
        throw Refusal(Reason::older, current_name,
                      msg("has serial %1, older than the image in force, %2", current.state.serial, expected->serial),
                      msg("restart the resolver if an older database was put back on purpose"));
    auto take = [&](Kind kind, const FileRef& ref, std::shared_ptr<const File> have) {
        return have ? have : File::load(folder, kind, ref);
    };
    auto base = take(Kind::base, current.base, before ? known(before->base(), current.base) : nullptr);
    std::shared_ptr<const File> delta;
    if (current.delta)
        delta = take(Kind::delta, *current.delta, before ? known(before->delta(), *current.delta) : nullptr);
    auto image = std::make_shared<const Image>(std::move(base), std::move(delta));
    if (image->state() != current.state)
        throw Refusal(Reason::mismatch, current_name, msg("names files of another serial or ledger"));
    return image;
}

}  // namespace

std::shared_ptr<const Image> Image::load(const std::string& folder, const std::optional<Expected>& expected,
                                         const Image* before) try {
    Descriptor open = open_folder(folder);
    for (int attempt = 1;; ++attempt) try {
            return load_once(open.get(), expected, before);
        } catch (const Refusal& r) {
            if (r.reason() != Reason::absent || attempt == attempts) throw;
        }
} catch (const std::bad_alloc&) {
    throw Refusal(Reason::memory, folder, msg("no memory for the image"), msg("give the resolver more memory"));
}

Image::Image(std::shared_ptr<const File> base, std::shared_ptr<const File> delta)
    : base_(std::move(base)), delta_(std::move(delta)) {
    orders_ = base_->orders();
    if (!delta_) return;
    if (delta_->footer().base != base_->footer().state || delta_->footer().base_hash != base_->ref().hash)
        throw Refusal(Reason::mismatch, msg("image file"), msg("the delta is of another base"));
    std::vector<std::shared_ptr<const ImageOrder>> merged;
    auto by_index = [](const auto& a, const auto& b) { return a->index < b->index; };
    // Of two with one index the delta's stands first and stays.
    std::merge(delta_->orders().begin(), delta_->orders().end(), orders_.begin(), orders_.end(),
               std::back_inserter(merged), by_index);
    merged.erase(
        std::unique(merged.begin(), merged.end(), [](const auto& a, const auto& b) { return a->index == b->index; }),
        merged.end());
    std::erase_if(merged, [](const auto& o) { return !o->present; });
    orders_ = std::move(merged);
}

const ImageOrder* Image::order(policy::OrderIndex index) const noexcept {
    auto at = std::lower_bound(orders_.begin(), orders_.end(), index,
                               [](const auto& o, policy::OrderIndex i) { return o->index < i; });
    return at != orders_.end() && (*at)->index == index ? at->get() : nullptr;
}

Prefix shortened(const Prefix& address, int length) noexcept {
    Prefix out = address;
    for (int bit = length; bit < address.length; ++bit)
        out.address[static_cast<std::size_t>(bit / 8)] &= static_cast<std::uint8_t>(~(0x80 >> bit % 8));
    out.length = static_cast<std::uint8_t>(length);
    return out;
}

std::optional<Image::Listed> Image::closest_listed(const LookupKey& key, std::size_t labels) const noexcept {
    std::optional<Listed> out;
    each_listed(key, [&](std::size_t at, const Claims& claims) {
        if (!out && at <= labels) out = Listed{at, claims};
    });
    return out;
}

std::optional<Image::ListedPrefix> Image::closest_listed(const Prefix& address, int length) const noexcept {
    std::optional<ListedPrefix> out;
    each_listed(address, [&](const Prefix& prefix, const Claims& claims) {
        if (!out && prefix.length <= length) out = ListedPrefix{prefix, claims};
    });
    return out;
}

void Image::each_name(const std::function<void(ByteView, const Claims&)>& visit) const {
    // The delta, at most a million names, beside the base.
    std::vector<std::pair<Bytes, SetId>> changed;
    if (delta_) delta_->names().each({}, [&](ByteView key, SetId set) { return changed.emplace_back(key, set), true; });
    std::size_t d = 0;
    auto tell = [&](ByteView key, const Claims& claims) {
        if (!claims.empty()) visit(key, claims);
    };
    base_->names().each({}, [&](ByteView key, SetId set) {
        for (; d < changed.size() && changed[d].first < key; ++d)
            tell(changed[d].first, delta_->sets()[changed[d].second]);
        bool newer = d < changed.size() && changed[d].first == key;
        tell(key, newer ? delta_->sets()[changed[d].second] : base_->sets()[set]);
        d += newer;
        return true;
    });
    for (; d < changed.size(); ++d) tell(changed[d].first, delta_->sets()[changed[d].second]);
}

void Image::each_address(const std::function<void(const Prefix&, const Claims&)>& visit) const {
    std::vector<std::pair<Bytes, Claims>> all;
    if (delta_)
        delta_->addresses().each(
            [&](const Prefix& p, SetId set) { all.emplace_back(prefix_key(p), delta_->sets()[set]); });
    base_->addresses().each([&](const Prefix& p, SetId set) { all.emplace_back(prefix_key(p), base_->sets()[set]); });
    // Of two of one prefix the delta's stands first.
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < all.size(); ++i)
        if ((i == 0 || all[i - 1].first != all[i].first) && !all[i].second.empty())
            visit(prefix_of_key(all[i].first), all[i].second);
}

bool Image::each_changed_since(std::uint64_t serial, const std::function<void(ByteView)>& name,
                               const std::function<void(const Prefix&)>& address) const {
    if (serial < base_->footer().state.serial) return false;
    if (!delta_) return true;
    auto later = [&](SetId set) { return delta_->sets()[set].changed() > serial; };
    delta_->names().each({}, [&](ByteView key, SetId set) {
        if (later(set)) name(key);
        return true;
    });
    delta_->addresses().each([&](const Prefix& p, SetId set) {
        if (later(set)) address(p);
    });
    return true;
}

policy::Verdict decide(const Image& image, const OwnerName& name, const policy::Circumstances& c, std::vector<policy::Considered>* trace) {
    return decide_over(image, name, c, trace);
}
policy::Verdict decide(const Image& image, const Prefix& address, const policy::Circumstances& c, std::vector<policy::Considered>* trace) {
    return decide_over(image, address, c, trace);
}

}  // namespace saring::image
