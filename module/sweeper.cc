#include "sweeper.h"

#include <new>

#include "dns_numbers.h"
#include "judge.h"

namespace saring {
namespace {

// Bins hold a message each or less, on average: what a slice reads under the lock.
constexpr std::size_t bins_a_slice = 1024;
constexpr std::uint16_t hottest_types[] = {1, 28, 65};  // A, AAAA, HTTPS

// What came in before an order rehearsed it would stay as long as its owner says, and not be counted.
bool goes(const policy::Verdict& v) { return v.uncacheable() || v.rehearsed(); }

const std::uint8_t* octets(const Bytes& b, std::size_t at) {
    return reinterpret_cast<const std::uint8_t*>(b.data()) + at;
}

}  // namespace

// Under the cache's locks, where nothing may be thrown.
template <typename F>
void Sweeper::copying(F copy) noexcept {
    if (!out_of_memory_) try {
            copy();
        } catch (...) { out_of_memory_ = true; }
}

void Sweeper::evict_hottest(const image::Reader& image, const ChangedNames& touched, UnixTime now) {
    policy::Circumstances c{now, nullptr, default_action_};
    for (const auto& name : touched.few_names()) {
        // A kept answer goes in any case: it may be of before.
        auto evict = goes(decide(image, name, c)) ? glue_evict_name : glue_evict_kept;
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
        // A name that its own order let through may now have to answer for where it leads.
        s->whole_ = !s->only_ || s->only_->may_contain_ancestor(message->qname, message->qname_len);
        if (s->whole_) s->copying([&] { s->take(*message); });
        return s->addresses_listed_ && (s->whole_ || s->only_->has_addresses());
    };
    bool more = glue_walk_cache(env_, &at_, bins_a_slice, begin, &sink) != 0;
    evict_those_listed(worker, now);
    return more;
}

void Sweeper::clear() {
    wire_.clear();
    messages_.clear();
    leads_.clear();
    out_of_memory_ = false;
}

void Sweeper::take(const saring_cached& message) {
    taken_ = true;
    messages_.push_back({message, wire_.size(), leads_.size(), leads_.size()});
    wire_.append(reinterpret_cast<const char*>(message.qname), message.qname_len);
}

void Sweeper::take_name(const std::uint8_t* wire, std::size_t size) {
    if (!whole_ && !only_->may_contain_ancestor(wire, size)) return;
    if (!taken_) take(*current_);
    leads_.push_back({true, wire_.size(), size});
    wire_.append(reinterpret_cast<const char*>(wire), size);
    messages_.back().leads_end = leads_.size();
}

void Sweeper::take_address(std::uint8_t family, const std::uint8_t* address) {
    if (!whole_ && !only_->contains(Prefix::of_address(family, address))) return;
    if (!taken_) take(*current_);
    std::size_t size = family == 4 ? 4 : 16;
    leads_.push_back({false, wire_.size(), size});
    wire_.append(reinterpret_cast<const char*>(address), size);
    messages_.back().leads_end = leads_.size();
}

void Sweeper::evict_those_listed(Worker& worker, UnixTime now) {
    // The watcher begins the walk again.
    if (out_of_memory_) throw std::bad_alloc();
    if (messages_.empty()) return;
    Worker::ImageUse use(worker, images_);
    if (!use.image()) return;
    policy::Circumstances c{now, nullptr, default_action_, &worker.crowded};
    for (auto& m : messages_) {
        m.cached.qname = octets(wire_, m.name_at);
        if (m.cached.qclass != class_in || !uncacheable(*use.image(), m, c)) continue;
        glue_evict_hashed(env_, &m.cached);
        ++evicted_;
    }
}

bool Sweeper::listed(const image::Reader& image, const Lead& lead, const policy::Circumstances& c) const {
    if (!lead.is_name)
        return goes(decide(image, Prefix::of_address(lead.size == 4 ? 4 : 6, octets(wire_, lead.at)), c));
    OwnerName name;
    return OwnerName::from_wire(octets(wire_, lead.at), lead.size, name) && goes(decide(image, name, c));
}

bool Sweeper::uncacheable(const image::Reader& image, const Message& m, const policy::Circumstances& c) const {
    if (m.cached.kept && kept_ != Kept::judge) return kept_ == Kept::evict;
    OwnerName qname;
    if (!OwnerName::from_wire(m.cached.qname, m.cached.qname_len, qname)) return false;
    policy::Verdict own = decide(image, qname, m.cached.qtype, c);
    if (m.cached.kept)
        return !is_everyones(own) || own.by->index != m.cached.order || own.by->action != kept_action(m.cached.rcode);
    if (goes(own)) return true;
    // What the queried name's own passthru lets through may stay.
    if (own.outcome == policy::Outcome::pass) return false;
    for (auto i = m.leads_begin; i < m.leads_end; ++i)
        if (listed(image, leads_[i], c)) return true;
    return false;
}

}  // namespace saring
