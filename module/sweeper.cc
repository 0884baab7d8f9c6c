#include "sweeper.h"

#include "store/changes.h"

namespace saring {
namespace {

constexpr std::size_t bins_a_slice = 128;  // some tens of microseconds of lock
constexpr std::uint16_t class_in = 1;

const std::uint8_t* octets(const Bytes& b, std::size_t at) { return reinterpret_cast<const std::uint8_t*>(b.data()) + at; }

}  // namespace

std::optional<Touched> Touched::between(const Snapshot& snapshot, std::uint64_t after, std::uint64_t until) {
    Touched out;
    for (auto serial = after + 1; serial <= until; ++serial) {
        auto value = snapshot.transaction().get(snapshot.tables().changes, be64(serial));
        if (!value || value->size() > (8u << 20)) return std::nullopt;
        Changes changes = decode_changes(*value);
        if (!changes.whole_lists_added.empty() || out.keys_.size() + changes.entries.size() > most) return std::nullopt;
        for (auto& e : changes.entries) {
            if (e.address) return std::nullopt;
            out.keys_.insert(std::move(e.key));
        }
    }
    return out;
}

bool Touched::contains_ancestor(const LookupKey& key) const {
    for (std::size_t labels = 1; labels <= key.labels(); ++labels)
        if (keys_.find(key.ancestor(labels)) != keys_.end()) return true;
    return false;
}

void Sweeper::start(std::optional<Touched> only) {
    at_ = {};
    only_ = std::move(only);
}

bool Sweeper::step(Worker& worker, UnixTime now) {
    wire_.clear();
    messages_.clear();
    leads_.clear();
    saring_sink sink{this,
                     [](void* self, const std::uint8_t* wire, std::size_t len) {
                         auto* s = static_cast<Sweeper*>(self);
                         s->leads_.push_back({true, s->wire_.size(), len});
                         s->wire_.append(reinterpret_cast<const char*>(wire), len);
                     },
                     [](void* self, std::uint8_t family, const std::uint8_t* address) {
                         auto* s = static_cast<Sweeper*>(self);
                         s->leads_.push_back({false, s->wire_.size(), family == 4 ? 4u : 16u});
                         s->wire_.append(reinterpret_cast<const char*>(address), family == 4 ? 4 : 16);
                     }};
    auto begin = [](void* self, const saring_cached* message) {
        auto* s = static_cast<Sweeper*>(self);
        if (!s->messages_.empty()) s->messages_.back().leads_end = s->leads_.size();
        s->messages_.push_back({*message, s->wire_.size(), s->leads_.size(), s->leads_.size()});
        s->wire_.append(reinterpret_cast<const char*>(message->qname), message->qname_len);
    };
    bool more = glue_walk_cache(env_, &at_, bins_a_slice, begin, &sink) != 0;
    if (messages_.empty()) return more;
    messages_.back().leads_end = leads_.size();

    Worker::Use use(worker);
    Circumstances c{now, nullptr, Action::nxdomain};
    bool addresses = use.snapshot().address_count() > 0;
    for (auto& m : messages_) {
        m.cached.qname = octets(wire_, m.name_at);
        if (m.cached.qclass != class_in || !uncacheable(use.snapshot(), m, addresses, c)) continue;
        glue_evict_hashed(env_, &m.cached);
        ++evicted_;
    }
    return more;
}

bool Sweeper::name_uncacheable(const Snapshot& snapshot, const OwnerName& name, const Circumstances& c) const {
    if (only_ && !only_->contains_ancestor(LookupKey(name))) return false;
    return decide(snapshot, name, c).uncacheable();
}

bool Sweeper::uncacheable(const Snapshot& snapshot, const Message& m, bool addresses, const Circumstances& c) const {
    OwnerName qname;
    if (!OwnerName::from_wire(m.cached.qname, m.cached.qname_len, qname)) return false;
    if (name_uncacheable(snapshot, qname, c)) return true;
    for (auto i = m.leads_begin; i < m.leads_end; ++i) {
        const Lead& lead = leads_[i];
        OwnerName target;
        bool listed = false;
        if (lead.is_name)
            listed = OwnerName::from_wire(octets(wire_, lead.at), lead.size, target) && name_uncacheable(snapshot, target, c);
        else if (addresses && !only_)
            listed = decide(snapshot, Prefix::of_address(lead.size == 4 ? 4 : 6, octets(wire_, lead.at)), c).uncacheable();
        // What the queried name's own passthru lets through may stay.
        if (listed) return decide(snapshot, qname, c).outcome != Outcome::pass;
    }
    return false;
}

}  // namespace saring
