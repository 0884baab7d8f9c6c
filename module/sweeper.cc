#include "sweeper.h"

#include <array>

#include "store/changes.h"

namespace saring {
namespace {

constexpr std::size_t bins_a_slice = 64;  // some microseconds of lock
constexpr std::uint16_t class_in = 1;
constexpr std::size_t most_hottest = 256;  // names evicted ahead of the walk
constexpr std::uint16_t hottest_types[] = {1, 28, 65};  // A, AAAA, HTTPS

// Of each suffix of a name, from the top-level domain down, letter case aside. `visit`
// ends the walk by returning true. Octets that are no name end it too.
template <typename F>
bool any_suffix_hash(const std::uint8_t* wire, std::size_t size, F visit) {
    std::array<std::uint8_t, OwnerName::max_labels> starts;
    std::size_t count = 0;
    for (std::size_t at = 0; at < size && wire[at] != 0; at += wire[at] + 1u) {
        if (count == starts.size() || at + wire[at] >= size) return false;
        starts[count++] = static_cast<std::uint8_t>(at);
    }
    std::uint64_t hash = 0xcbf29ce484222325;
    while (count-- > 0) {
        const std::uint8_t* label = wire + starts[count];
        for (std::size_t i = 0; i <= label[0]; ++i) {
            std::uint8_t octet = label[i];
            if (octet >= 'A' && octet <= 'Z') octet = static_cast<std::uint8_t>(octet + 32);
            hash = (hash ^ octet) * 0x100000001b3;  // FNV-1a
        }
        if (visit(hash)) return true;
    }
    return false;
}

std::uint64_t hash_of(const OwnerName& name) {
    std::uint64_t out = 0;
    any_suffix_hash(reinterpret_cast<const std::uint8_t*>(name.wire().data()), name.wire().size(), [&](std::uint64_t h) {
        out = h;
        return false;
    });
    return out;
}

const std::uint8_t* octets(const Bytes& b, std::size_t at) { return reinterpret_cast<const std::uint8_t*>(b.data()) + at; }

}  // namespace

std::optional<Touched> Touched::between(const Snapshot& snapshot, std::uint64_t after, std::uint64_t until) {
    Touched out;
    for (auto serial = after + 1; serial <= until; ++serial) {
        auto value = snapshot.transaction().get(snapshot.tables().changes, be64(serial));
        if (!value || value->size() > (8u << 20)) return std::nullopt;
        Changes changes = decode_changes(*value);
        if (!changes.whole_lists_added.empty() || out.names_.size() + changes.entries.size() > most) return std::nullopt;
        for (const auto& e : changes.entries) {
            if (e.address) return std::nullopt;
            OwnerName name = name_of_key(e.key);
            if (out.hashes_.insert(hash_of(name)).second) out.names_.push_back(name);
        }
    }
    return out;
}

bool Touched::may_contain_ancestor(const std::uint8_t* wire, std::size_t size) const {
    return any_suffix_hash(wire, size, [&](std::uint64_t hash) { return hashes_.find(hash) != hashes_.end(); });
}

void Sweeper::start(std::optional<Touched> only) {
    at_ = {};
    only_ = std::move(only);
}

void Sweeper::evict_hottest(const Snapshot& snapshot, const Touched& touched, UnixTime now) {
    if (touched.names().size() > most_hottest) return;
    Circumstances c{now, nullptr, Action::nxdomain};
    for (const auto& name : touched.names()) {
        if (!decide(snapshot, name, c).uncacheable()) continue;
        for (auto type : hottest_types)
            glue_evict_name(env_, reinterpret_cast<const std::uint8_t*>(name.wire().data()), name.wire().size(), type);
    }
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

bool Sweeper::name_uncacheable(const Snapshot& snapshot, const std::uint8_t* wire, std::size_t size, const Circumstances& c) const {
    if (only_ && !only_->may_contain_ancestor(wire, size)) return false;
    OwnerName name;
    return OwnerName::from_wire(wire, size, name) && decide(snapshot, name, c).uncacheable();
}

bool Sweeper::uncacheable(const Snapshot& snapshot, const Message& m, bool addresses, const Circumstances& c) const {
    if (name_uncacheable(snapshot, m.cached.qname, m.cached.qname_len, c)) return true;
    for (auto i = m.leads_begin; i < m.leads_end; ++i) {
        const Lead& lead = leads_[i];
        bool listed = false;
        if (lead.is_name)
            listed = name_uncacheable(snapshot, octets(wire_, lead.at), lead.size, c);
        else if (addresses && !only_)
            listed = decide(snapshot, Prefix::of_address(lead.size == 4 ? 4 : 6, octets(wire_, lead.at)), c).uncacheable();
        if (!listed) continue;
        // What the queried name's own passthru lets through may stay.
        OwnerName qname;
        return OwnerName::from_wire(m.cached.qname, m.cached.qname_len, qname) && decide(snapshot, qname, c).outcome != Outcome::pass;
    }
    return false;
}

}  // namespace saring
