#include "sweeper.h"

#include <new>

#include "dns_numbers.h"
#include "judge.h"

namespace saring {
namespace {

// Read under the lock in one slice; on average a bin holds one message or less.
constexpr std::size_t bins_a_slice = 1024;
constexpr std::uint16_t hottest_types[] = {1, 28, 65};  // A, AAAA, HTTPS

// Rehearsed answers too: one cached before its order would stay for its own TTL and keep queries from being counted.
bool must_leave_cache(const policy::Verdict& v) { return v.uncacheable() || v.rehearsed(); }

const std::uint8_t* octets(const Bytes& b, std::size_t at) {
    return reinterpret_cast<const std::uint8_t*>(b.data()) + at;
}

}  // namespace

// For use with the cache's locks held, where nothing may throw.
template <typename F>
void Sweeper::copying(F copy) noexcept {
    if (!out_of_memory_) try {
            copy();
        } catch (...) { out_of_memory_ = true; }
}

void Sweeper::evict_hottest(const image::Reader& image, const ChangedNames& changed, UnixTime now) {
    policy::Circumstances c{now, nullptr, default_action_};
    for (const auto& name : changed.few_names()) {
        // A kept answer is always evicted: it may be from before the change.
        auto evict = must_leave_cache(decide(image, name, c)) ? glue_evict_name : glue_evict_kept;
        const auto* wire = reinterpret_cast<const std::uint8_t*>(name.wire().data());
        for (auto type : hottest_types) evict(env_, wire, name.wire().size(), type);
    }
}

void Sweeper::start(std::optional<ChangedNames> only) {
    at_ = {};
    only_ = std::move(only);
}

bool Sweeper::step(Worker& worker, UnixTime now) {
    clear();
    {
        Worker::ImageUse use(worker, images_);
        addresses_listed_ = use.image() && use.image()->address_count() > 0;
    }
    auto name = [](void* self, const std::uint8_t* wire, std::size_t len) noexcept {
        auto* s = static_cast<Sweeper*>(self);
        s->copying([&] { s->take_name(wire, len); });
    };
    saring_sink sink{this, name, name, [](void* self, std::uint8_t family, const std::uint8_t* address) noexcept {
                         auto* s = static_cast<Sweeper*>(self);
                         s->copying([&] { s->take_address(family, address); });
                     }};
    auto begin = [](void* self, const saring_cached* message) noexcept -> int {
        auto* s = static_cast<Sweeper*>(self);
        s->current_ = message;
        s->taken_ = false;
        // If the name or one above it changed, all targets are judged: a passthru may have ended.
        s->whole_ = !s->only_ || s->only_->may_contain_ancestor(message->qname, message->qname_len);
        if (s->whole_) s->copying([&] { s->take(*message); });
        return s->addresses_listed_ && (s->whole_ || s->only_->has_addresses());
    };
    bool more = glue_walk_cache(env_, &at_, bins_a_slice, begin, &sink) != 0;
    evict_uncacheable(worker, now);
    return more;
}

void Sweeper::clear() {
    wire_.clear();
    messages_.clear();
    targets_.clear();
    out_of_memory_ = false;
}

void Sweeper::take(const saring_cached& message) {
    taken_ = true;
    messages_.push_back({message, wire_.size(), targets_.size(), targets_.size()});
    wire_.append(reinterpret_cast<const char*>(message.qname), message.qname_len);
}

void Sweeper::take_name(const std::uint8_t* wire, std::size_t size) {
    if (!whole_ && !only_->may_contain_ancestor(wire, size)) return;
    if (!taken_) take(*current_);
    targets_.push_back({true, wire_.size(), size});
    wire_.append(reinterpret_cast<const char*>(wire), size);
    messages_.back().targets_end = targets_.size();
}

void Sweeper::take_address(std::uint8_t family, const std::uint8_t* address) {
    if (!whole_ && !only_->contains(Prefix::of_address(family, address))) return;
    if (!taken_) take(*current_);
    std::size_t size = family == 4 ? 4 : 16;
    targets_.push_back({false, wire_.size(), size});
    wire_.append(reinterpret_cast<const char*>(address), size);
    messages_.back().targets_end = targets_.size();
}

void Sweeper::evict_uncacheable(Worker& worker, UnixTime now) {
    // The watcher starts the walk again.
    if (out_of_memory_) throw std::bad_alloc();
    if (messages_.empty()) return;
    Worker::ImageUse use(worker, images_);
    policy::Circumstances c{now, nullptr, default_action_, &worker.crowded};
    // Without an image, as after a reload that kept the cache, nothing can name the order of a kept answer.
    auto must_go = [&](const Message& m) {
        return use.image() ? uncacheable(*use.image(), m, c) : m.cached.kept && kept_ != Kept::leave;
    };
    for (auto& m : messages_) {
        m.cached.qname = octets(wire_, m.name_at);
        if (m.cached.qclass != class_in || !must_go(m)) continue;
        glue_evict_hashed(env_, &m.cached);
        ++evicted_;
    }
}

bool Sweeper::listed(const image::Reader& image, const Target& target, const policy::Circumstances& c) const {
    if (!target.is_name)
        return must_leave_cache(
            decide(image, Prefix::of_address(target.size == 4 ? 4 : 6, octets(wire_, target.at)), c));
    OwnerName name;
    return OwnerName::from_wire(octets(wire_, target.at), target.size, name) &&
           must_leave_cache(decide(image, name, c));
}

bool Sweeper::uncacheable(const image::Reader& image, const Message& m, const policy::Circumstances& c) const {
    if (m.cached.kept && kept_ != Kept::judge) return kept_ == Kept::evict;
    OwnerName qname;
    if (!OwnerName::from_wire(m.cached.qname, m.cached.qname_len, qname)) return false;
    policy::Verdict own = decide(image, qname, m.cached.qtype, c);
    if (m.cached.kept)
        return !is_everyones(own) || own.by->index != m.cached.order || own.by->action != kept_action(m.cached.rcode);
    if (must_leave_cache(own)) return true;
    // A passthru of the queried name also allows the targets.
    if (own.outcome == policy::Outcome::pass) return false;
    for (auto i = m.targets_begin; i < m.targets_end; ++i)
        if (listed(image, targets_[i], c)) return true;
    return false;
}

}  // namespace saring
