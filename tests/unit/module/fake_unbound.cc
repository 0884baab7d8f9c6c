#include "fake_unbound.h"

#include <cctype>
#include <cstring>

namespace saring::test {
namespace {

Bytes lower(Bytes name) {
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return name;
}

}  // namespace

std::size_t FakeCache::hash(const Bytes& qname, std::uint16_t qtype) { return std::hash<Bytes>{}(qname) ^ qtype; }

void FakeCache::store(const FakeMessage& m) {
    Bytes key = lower(m.qname);
    auto h = hash(key, m.qtype);
    auto& slab = slabs_[h % slabs];
    std::lock_guard lock(slab.mutex);
    slab.bin[h / slabs % bins][{key, m.qtype}] = m;
}

bool FakeCache::lookup(const Bytes& qname, std::uint16_t qtype, FakeMessage* out) {
    Bytes key = lower(qname);
    auto h = hash(key, qtype);
    auto& slab = slabs_[h % slabs];
    std::lock_guard lock(slab.mutex);
    auto& bin = slab.bin[h / slabs % bins];
    auto found = bin.find({key, qtype});
    if (found == bin.end()) return false;
    if (out) *out = found->second;
    return true;
}

void FakeCache::remove(const Bytes& qname, std::uint16_t qtype) {
    Bytes key = lower(qname);
    auto h = hash(key, qtype);
    auto& slab = slabs_[h % slabs];
    std::lock_guard lock(slab.mutex);
    slab.bin[h / slabs % bins].erase({key, qtype});
}

std::vector<FakeMessage> FakeCache::all() {
    std::vector<FakeMessage> out;
    saring_walk at{0, 0};
    while (walk(at, bins, [&](const FakeMessage& m) { out.push_back(m); })) {}
    return out;
}

bool FakeCache::walk(saring_walk& at, std::size_t count, const std::function<void(const FakeMessage&)>& visit) {
    if (at.slab >= slabs) return false;
    {
        auto& slab = slabs_[at.slab];
        std::lock_guard lock(slab.mutex);
        for (; count > 0 && at.bin < bins; --count, ++at.bin)
            for (const auto& [key, message] : slab.bin[at.bin]) visit(message);
    }
    if (at.bin >= bins) {
        at.bin = 0;
        ++at.slab;
    }
    return at.slab < slabs;
}

}  // namespace saring::test

using saring::test::FakeMessage;

namespace {

saring::Bytes bytes(const std::uint8_t* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }
const std::uint8_t* octets(const saring::Bytes& b) { return reinterpret_cast<const std::uint8_t*>(b.data()); }

void hand_over(const FakeMessage& m, const saring_sink* sink) {
    for (const auto& name : m.names) sink->alias(sink->self, octets(name), name.size());
    for (const auto& address : m.addresses)
        if (sink->address) sink->address(sink->self, address.size() == 4 ? 4 : 6, octets(address));
}

}  // namespace

extern "C" {

int glue_answer(module_qstate* q, const saring_answer* answer) {
    q->answered = true;
    q->rcode = answer->rcode;
    q->out_of_cache = true;
    return 1;
}

void glue_drop(module_qstate* q) { q->answered = true; }

int glue_add_edns_option(module_qstate* q, std::uint16_t code, const std::uint8_t* data, std::size_t len) {
    if (code == 15 && len > 2) q->explained = bytes(data + 2, len - 2);
    return 1;
}

int glue_translate(const std::uint8_t*, std::uint8_t*) { return 0; }

void glue_keep_out_of_cache(module_qstate* q) { q->out_of_cache = true; }

void glue_store(module_qstate*, int) {}

// In this fake a reply is its message, without an additional section.
const reply_info* glue_reply(module_qstate* q) {
    return q->has_reply ? reinterpret_cast<const reply_info*>(&q->message) : nullptr;
}
void glue_read_answer(const reply_info* reply, const saring_sink* sink) {
    if (reply) hand_over(*reinterpret_cast<const FakeMessage*>(reply), sink);
}
std::size_t glue_additional_count(const reply_info*) { return 0; }
void glue_read_additional(const reply_info*, std::size_t, const saring_sink*) {}
void glue_remove_additional(module_qstate*, std::size_t) {}
saring_end glue_follow_cached(module_qstate*, const std::uint8_t*, std::size_t, const saring_sink*) {
    return saring_end_not_cached;
}

void glue_evict(module_qstate* q, const std::uint8_t* qname, std::size_t len, std::uint16_t qtype) {
    q->env->cache.remove(bytes(qname, len), qtype);
}

void glue_shorten_cached(module_qstate*, const std::uint8_t*, std::size_t, std::uint16_t, std::uint32_t) {}
std::size_t glue_clients(module_qstate* q, saring_client* out, std::size_t max) {
    if (q->told) return 0;
    if (max > 0) out[0] = {&q->client, 0};
    return 1;
}

void glue_stop_sharing(module_qstate*) {}
// A query here has exactly one client, so it is never split.
void glue_split_clients(module_qstate*, int (*)(void*, const sockaddr_storage*), void*) {}

int glue_ask_landing(module_qstate*, const std::uint8_t*, std::size_t, int) { return 0; }
int glue_append_landing(module_qstate*, int) { return 1; }
void glue_unshare_option(module_env*, std::uint16_t) {}
int glue_is_shared(module_qstate*) { return 0; }
const std::uint8_t* glue_client_option(module_qstate* q, std::uint16_t code, std::size_t* len) {
    if (code != 8 || q->client_subnet.empty()) return nullptr;
    *len = q->client_subnet.size();
    return octets(q->client_subnet);
}

saring_keeping glue_keeping(module_env*, int, const char** why_not) {
    *why_not = nullptr;
    return saring_may_keep;
}
void glue_keep(module_qstate* q, std::uint32_t order, std::uint32_t) {
    FakeMessage m;
    m.qname = q->message.qname;
    m.kept = true;
    m.order = order;
    m.rcode = q->rcode;
    q->env->cache.store(m);
}
int glue_reply_has_kept(module_qstate*) { return 0; }
void glue_ask_no_cache(module_qstate*) {}
int glue_asks_no_cache(module_qstate*) { return 0; }
// No EDNS options here: the list of options to send is the text.
int glue_add_kept_option(const saring_kept* kept, std::uint16_t code, const std::uint8_t* data, std::size_t len) {
    if (code == 15 && len > 2) *reinterpret_cast<std::string*>(kept->options_out) = bytes(data + 2, len - 2);
    return 1;
}
const std::uint8_t* glue_kept_client_option(const saring_kept*, std::uint16_t, std::size_t*) { return nullptr; }

int glue_walk_cache(module_env* env, saring_walk* at, std::size_t bins, int (*begin)(void*, const saring_cached*),
                    const saring_sink* sink) {
    return env->cache.walk(*at, bins, [&](const FakeMessage& m) {
        saring_cached cached{octets(m.qname), m.qname.size(), m.qtype, 1, 0, m.kept, m.order, m.rcode};
        saring_sink names_only = *sink;
        names_only.address = nullptr;
        hand_over(m, begin(sink->self, &cached) ? sink : &names_only);
    });
}

void glue_evict_name(module_env* env, const std::uint8_t* qname, std::size_t len, std::uint16_t qtype) {
    env->cache.remove(bytes(qname, len), qtype);
}
void glue_evict_kept(module_env* env, const std::uint8_t* qname, std::size_t len, std::uint16_t qtype) {
    FakeMessage m;
    if (env->cache.lookup(bytes(qname, len), qtype, &m) && m.kept) env->cache.remove(bytes(qname, len), qtype);
}
void glue_evict_hashed(module_env* env, const saring_cached* m) {
    env->cache.remove(bytes(m->qname, m->qname_len), m->qtype);
}
std::size_t glue_cached_messages(module_env* env) { return env->cache.all().size(); }
void glue_log(saring_log_message, const char*) {}
}
