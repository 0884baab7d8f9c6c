#include "image/image.h"

#include <algorithm>
#include <atomic>

#include "image/folder.h"
#include "image/refusal.h"
#include "policy/decide_over.h"

namespace saring::image {
namespace {

// `current` is read again when a publication removes the files that it named: at most this often.
constexpr int attempts = 5;

std::uint64_t next_edition() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

std::shared_ptr<const File> known(const std::shared_ptr<const File>& file, const FileRef& ref) {
    return file && file->ref() == ref ? file : nullptr;
}

std::shared_ptr<const Image> load_once(int folder, const std::optional<Expected>& expected, const Image* before,
                                       Reading reading) {
    Current current = read_current(folder);
    // Checked before a large file is read.
    if (expected && expected->serial > 0 && current.state.ledger != expected->ledger)
        throw Refusal(Reason::other_ledger, current_name, msg("is of another ledger than the image in force"),
                      msg("restart the resolver if the database was replaced deliberately"));
    if (expected && current.state.serial < expected->serial)
        throw Refusal(Reason::older, current_name,
                      msg("has serial %1, older than the image in force, %2", current.state.serial, expected->serial),
                      msg("restart the resolver if an older database was restored deliberately"));
    auto take = [&](Kind kind, const FileRef& ref, std::shared_ptr<const File> have) {
        return have ? have : File::load(folder, kind, ref, reading);
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
                                         const Image* before, Reading reading) try {
    Descriptor open = open_folder(folder);
    for (int attempt = 1;; ++attempt) try {
            return load_once(open.get(), expected, before, reading);
        } catch (const Refusal& r) {
            if (r.reason() != Reason::absent || attempt == attempts) throw;
        }
} catch (const std::bad_alloc&) {
    throw Refusal(Reason::memory, folder, msg("no memory for the image"), msg("give the resolver more memory"));
}

Image::Image(std::shared_ptr<const File> base, std::shared_ptr<const File> delta)
    : base_(std::move(base)), delta_(std::move(delta)), edition_(next_edition()) {
    orders_ = base_->orders();
    if (!delta_) return;
    if (delta_->footer().base != base_->footer().state || delta_->footer().base_hash != base_->ref().hash)
        throw Refusal(Reason::mismatch, msg("image file"), msg("the delta is of another base"));
    std::vector<std::shared_ptr<const ImageOrder>> merged;
    auto by_index = [](const auto& a, const auto& b) { return a->index < b->index; };
    // For an index in both, the delta's order precedes the base's, and unique() keeps it.
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

void Image::each_name(const std::function<void(ByteView, const Claims&)>& visit) const {
    // The names of the delta (at most a million), to be merged with the base's.
    std::vector<std::pair<Bytes, SetId>> changed;
    if (delta_)
        NameCursor(*delta_).each({}, [&](ByteView key, SetId set) { return changed.emplace_back(key, set), true; });
    std::size_t d = 0;
    auto emit = [&](ByteView key, const Claims& claims) {
        if (!claims.empty()) visit(key, claims);
    };
    NameCursor(*base_).each({}, [&](ByteView key, SetId set) {
        for (; d < changed.size() && changed[d].first < key; ++d)
            emit(changed[d].first, delta_->sets()[changed[d].second]);
        bool newer = d < changed.size() && changed[d].first == key;
        emit(key, newer ? delta_->sets()[changed[d].second] : base_->sets()[set]);
        d += newer;
        return true;
    });
    for (; d < changed.size(); ++d) emit(changed[d].first, delta_->sets()[changed[d].second]);
}

void Image::each_address(const std::function<void(const Prefix&, const Claims&)>& visit) const {
    std::vector<std::pair<Bytes, Claims>> all;
    if (delta_)
        delta_->addresses().each(
            [&](const Prefix& p, SetId set) { all.emplace_back(prefix_key(p), delta_->sets()[set]); });
    base_->addresses().each([&](const Prefix& p, SetId set) { all.emplace_back(prefix_key(p), base_->sets()[set]); });
    // For a prefix in both, the delta's entry precedes the base's.
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < all.size(); ++i)
        if ((i == 0 || all[i - 1].first != all[i].first) && !all[i].second.empty())
            visit(prefix_of_key(all[i].first), all[i].second);
}

bool Image::each_changed_since(std::uint64_t serial, const std::function<void(ByteView)>& name,
                               const std::function<void(const Prefix&)>& address) const {
    if (serial >= this->serial()) return true;
    if (!delta_ || serial < delta_->footer().changes_since) return false;
    auto later = [&](SetId set) { return delta_->sets()[set].changed() > serial; };
    NameCursor(*delta_).each({}, [&](ByteView key, SetId set) {
        if (later(set)) name(key);
        return true;
    });
    delta_->addresses().each([&](const Prefix& p, SetId set) {
        if (later(set)) address(p);
    });
    return true;
}

void Image::each_listed_by(const std::function<bool(policy::OrderIndex)>& order,
                           const std::function<bool(ByteView)>& name,
                           const std::function<bool(const Prefix&)>& address) const {
    for (const File* file : {base_.get(), delta_.get()}) {
        if (!file) continue;
        std::vector<bool> wanted(file->sets().size());
        for (SetId id = 0; id < wanted.size(); ++id) {
            Claims claims = file->sets()[id];
            for (std::size_t i = 0; i < claims.size() && !wanted[id]; ++i) wanted[id] = order(claims[i].order);
        }
        if (std::find(wanted.begin(), wanted.end(), true) == wanted.end()) continue;
        bool goes_on = true;
        NameCursor(*file).each(
            {}, [&](ByteView key, SetId set) { return goes_on = set >= wanted.size() || !wanted[set] || name(key); });
        file->addresses().each([&](const Prefix& p, SetId set) {
            if (goes_on && set < wanted.size() && wanted[set]) goes_on = address(p);
        });
        if (!goes_on) return;
    }
}

Reader::Reader(std::shared_ptr<const Image> image) : image_(std::move(image)), base_(*image_->base()) {
    if (image_->delta()) delta_.emplace(*image_->delta());
}

bool Reader::lists(const LookupKey& key) const {
    bool any = false;
    each_listed(key, [&](std::size_t, const Claims&) { any = true; });
    return any;
}

bool Reader::any_below(const LookupKey& key, const std::function<bool(const Claims&)>& wanted) const {
    ByteView apex = key.view();
    unsigned seen = 0;
    bool found = false;
    auto walk = [&](NameCursor& names, const File& file, auto skip) {
        names.each(apex, [&](ByteView name, SetId set) {
            if (name.substr(0, apex.size()) != apex) return false;
            if (name.size() == apex.size() || skip(name)) return true;
            Claims claims = file.sets()[set];
            if (claims.empty()) return true;
            found = ++seen > max_below || wanted(claims);
            return !found;
        });
    };
    std::vector<Bytes> changed;  // names below the key that the delta has
    if (delta_) {
        walk(*delta_, *image_->delta(), [&](ByteView name) {
            if (changed.size() <= max_below) changed.emplace_back(name);
            return false;
        });
        if (changed.size() > max_below) return true;
    }
    if (!found)
        walk(base_, *image_->base(),
             [&](ByteView name) { return std::find(changed.begin(), changed.end(), name) != changed.end(); });
    return found;
}

policy::Verdict decide(const Reader& reader, const OwnerName& name, const policy::Circumstances& c,
                       std::vector<policy::ConsideredEntry>* trace) {
    return decide_over(reader, name, c, trace);
}
policy::Verdict decide(const Reader& reader, const Prefix& address, const policy::Circumstances& c,
                       std::vector<policy::ConsideredEntry>* trace) {
    return decide_over(reader, address, c, trace);
}

}  // namespace saring::image
