/* Reading, walking and evicting from Unbound's message cache: see glue.h.
 *
 * While a table's lock is held, messages may be read without their entries' own locks: Unbound
 * links, unlinks and replaces entries under the table's lock only, and in a cached
 * reply_info only times and the DNSSEC state change, so its list of RRsets is constant.
 * An RRset may change or be reused at any time; its memory stays
 * allocated, and its id changes before its type, so a message's reference to a reused RRset is
 * recognised by the id. */
#include "config.h"

#include "services/cache/dns.h"
#include "services/cache/rrset.h"
#include "sldns/rrdef.h"
#include "util/data/msgreply.h"
#include "util/data/packed_rrset.h"
#include "util/module.h"
#include "util/net_help.h"
#include "util/storage/slabhash.h"

#include "glue.h"
#include "kept.h"
#include "reload.h"
#include "rrset.h"

/* A message's i-th RRset, locked for reading; NULL: it was reused for other data. */
static struct ub_packed_rrset_key* lock_cached(const struct reply_info* rep, size_t i) {
    struct ub_packed_rrset_key* key = rep->rrsets[i];
    size_t r;
    rrset_id_type id = 0;
    /* ref[] is sorted by address, rrsets[] by position in the message. */
    for (r = 0; r < rep->rrset_count; r++)
        if (rep->ref[r].key == key) id = rep->ref[r].id;
    lock_rw_rdlock(&key->entry.lock);
    if (key->id == id && key->entry.data) return key;
    lock_rw_unlock(&key->entry.lock);
    return NULL;
}

/* Whether no CNAME follows the DNAME at i, see rrset_type_is_read. */
static int dname_is_last_link(const struct reply_info* rep, size_t i) {
    struct ub_packed_rrset_key* next = i + 1 < rep->an_numrrsets ? lock_cached(rep, i + 1) : NULL;
    int is = !next || rrset_type_is_read(LDNS_RR_TYPE_DNAME, ntohs(next->rk.type));
    if (next) lock_rw_unlock(&next->entry.lock);
    return is;
}

/* Type of the message's i-th RRset, which is not locked. If the RRset was reused, its type may be wrong, but then the
 * message no longer refers to it and skipping it is right. */
static unsigned type_of(const struct reply_info* rep, size_t i) {
    return ntohs(__atomic_load_n(&rep->rrsets[i]->rk.type, __ATOMIC_RELAXED));
}

/* The table's lock must be held, see the head of this file. Each RRset that may have targets is locked while
 * it is read, in the order in which Unbound takes these locks. */
static void read_cached_message(const struct reply_info* rep, const struct saring_sink* sink) {
    size_t i;
    for (i = 0; i < rep->an_numrrsets; i++) {
        struct ub_packed_rrset_key* key = rrset_type_has_targets(type_of(rep, i), sink) ? lock_cached(rep, i) : NULL;
        if (key && ntohs(key->rk.type) == LDNS_RR_TYPE_DNAME) {
            lock_rw_unlock(&key->entry.lock);
            key = dname_is_last_link(rep, i) ? lock_cached(rep, i) : NULL;
        }
        if (!key) continue;
        rrset_read(key, sink);
        lock_rw_unlock(&key->entry.lock);
    }
    for (i = rep->an_numrrsets + rep->ns_numrrsets; i < rep->rrset_count; i++) {
        struct ub_packed_rrset_key* key = rrset_type_is_address(type_of(rep, i)) ? lock_cached(rep, i) : NULL;
        if (!key) continue;
        rrset_read_additional(key, sink);
        lock_rw_unlock(&key->entry.lock);
    }
}

static void shorten(struct module_qstate* qstate, const uint8_t* qname, size_t qname_len, uint16_t qtype,
                    uint16_t flags, time_t end) {
    struct msgreply_entry* entry =
        msg_cache_lookup(qstate->env, (uint8_t*)qname, qname_len, qtype, qstate->qinfo.qclass, flags, 0, 1);
    struct reply_info* rep;
    if (!entry) return;
    rep = entry->entry.data;
    if (rep->ttl > end) rep->ttl = end;
    if (rep->serve_expired_ttl > rep->ttl) rep->serve_expired_ttl = rep->ttl;
    /* After its end, i.e. never: a prefetch has no client and would renew the message without the module. */
    rep->prefetch_ttl = rep->ttl + 1;
    lock_rw_unlock(&entry->entry.lock);
}

void glue_shorten_cached(struct module_qstate* qstate, const uint8_t* qname, size_t qname_len, uint16_t qtype,
                         uint32_t ttl) {
    time_t end = *qstate->env->now + (time_t)ttl;
    if (ttl == 0) {
        glue_evict(qstate, qname, qname_len, qtype);
        return;
    }
    shorten(qstate, qname, qname_len, qtype, 0, end);
    shorten(qstate, qname, qname_len, qtype, BIT_CD, end);
}

/* A kept answer's SOA is removed with its message; otherwise load_cache would attach it to a dumped message. */
static void remove_message(struct module_env* env, struct query_info* key, hashvalue_type hash, int only_kept) {
    struct lruhash_entry* e = slabhash_lookup(env->msg_cache, hash, key, 0);
    uint8_t owner[LDNS_MAX_DOMAINLEN];
    size_t owner_len = 0;
    uint32_t flags = 0, order;
    int kept;
    if (!e) return;
    kept = kept_order(e->data, &order);
    if (kept) {
        struct ub_packed_rrset_key* soa = lock_cached(e->data, 0);
        if (soa && soa->rk.dname_len <= sizeof(owner)) {
            owner_len = soa->rk.dname_len;
            memcpy(owner, soa->rk.dname, owner_len);
            flags = soa->rk.flags;
        }
        if (soa) lock_rw_unlock(&soa->entry.lock);
    }
    lock_rw_unlock(&e->lock);
    if (only_kept && !kept) return;
    slabhash_remove(env->msg_cache, hash, key);
    if (owner_len) rrset_cache_remove(env->rrset_cache, owner, owner_len, LDNS_RR_TYPE_SOA, LDNS_RR_CLASS_IN, flags);
}

static struct query_info key_of(const uint8_t* qname, size_t qname_len, uint16_t qtype, uint16_t qclass) {
    struct query_info key;
    memset(&key, 0, sizeof(key));
    key.qname = (uint8_t*)qname;
    key.qname_len = qname_len;
    key.qtype = qtype;
    key.qclass = qclass;
    return key;
}

static void evict_name(struct module_env* env, const uint8_t* qname, size_t qname_len, uint16_t qtype, int only_kept) {
    struct query_info key = key_of(qname, qname_len, qtype, LDNS_RR_CLASS_IN);
    /* CD is the only flag that the cache's hash may include. */
    hashvalue_type plain = query_info_hash(&key, 0), unchecked = query_info_hash(&key, BIT_CD);
    remove_message(env, &key, plain, only_kept);
    if (unchecked != plain) remove_message(env, &key, unchecked, only_kept);
}

void glue_evict_name(struct module_env* env, const uint8_t* qname, size_t qname_len, uint16_t qtype) {
    if (!reload_enter(env)) return;
    evict_name(env, qname, qname_len, qtype, 0);
    reload_leave(env);
}

void glue_evict_kept(struct module_env* env, const uint8_t* qname, size_t qname_len, uint16_t qtype) {
    if (!reload_enter(env)) return;
    evict_name(env, qname, qname_len, qtype, 1);
    reload_leave(env);
}

void glue_evict(struct module_qstate* qstate, const uint8_t* qname, size_t qname_len, uint16_t qtype) {
    evict_name(qstate->env, qname, qname_len, qtype, 0);
}

void glue_evict_hashed(struct module_env* env, const struct saring_cached* message) {
    struct query_info key = key_of(message->qname, message->qname_len, message->qtype, message->qclass);
    if (!reload_enter(env)) return;
    remove_message(env, &key, message->hash, 0);
    reload_leave(env);
}

size_t glue_cached_messages(struct module_env* env) {
    size_t count;
    if (!reload_enter(env)) return 0;
    count = count_slabhash_entries(env->msg_cache);
    reload_leave(env);
    return count;
}

/* Reading a message follows pointers: bin, entry, name and reply, RRset. In a large cache each step is a cache miss
 * of some hundred cycles. So a batch of bins is processed step by step, and each step prefetches the memory that
 * the next one reads: the misses overlap. */
#define BATCH_BINS 64
#define BATCH_MAX_ENTRIES 256 /* on average a bin has at most one */
#define CACHE_LINE 64
#define FETCH_RRSETS 2 /* of an answer; most have no more */

struct batch {
    struct lruhash_entry* entries[BATCH_MAX_ENTRIES];
    size_t count;
};

static void fetch(const void* from, size_t begin, size_t end) {
    size_t at;
    for (at = begin; at < end; at += CACHE_LINE) __builtin_prefetch((const char*)from + at);
    __builtin_prefetch((const char*)from + end - 1);
    /* GCC considers a function that only prefetches free of effects and removes calls to it. */
    __asm__ volatile("");
}

static void fetch_entry(const struct lruhash_entry* e) {
    /* The key is part of the same structure as the entry. */
    fetch((const char*)e - offsetof(struct msgreply_entry, entry), 0, sizeof(struct msgreply_entry));
}

/* Further entries of a bin's chain are appended, so that they too are prefetched before they are read.
 * 0: no room for all of them. */
static int gather(const struct lruhash* table, size_t from, size_t to, struct batch* batch) {
    size_t i;
    batch->count = 0;
    for (i = from; i < to; i++) {
        struct lruhash_entry* e = table->array[i].overflow_list;
        if (!e) continue;
        fetch_entry(e);
        batch->entries[batch->count++] = e;
    }
    for (i = 0; i < batch->count; i++) {
        struct lruhash_entry* e = batch->entries[i]->overflow_next;
        if (!e) continue;
        if (batch->count == BATCH_MAX_ENTRIES) return 0;
        fetch_entry(e);
        batch->entries[batch->count++] = e;
    }
    return 1;
}

static void fetch_batch(const struct batch* batch) {
    size_t i, r;
    for (i = 0; i < batch->count; i++) {
        const struct msgreply_entry* key = batch->entries[i]->key;
        if (key->key.qname) fetch(key->key.qname, 0, key->key.qname_len);
        if (key->entry.data)
            fetch(key->entry.data, offsetof(struct reply_info, an_numrrsets), sizeof(struct reply_info));
    }
    for (i = 0; i < batch->count; i++) {
        const struct reply_info* rep = batch->entries[i]->data;
        for (r = 0; rep && r < (rep->an_numrrsets ? rep->an_numrrsets : rep->rrset_count) && r < FETCH_RRSETS; r++)
            fetch(rep->rrsets[r], offsetof(struct ub_packed_rrset_key, id), sizeof(struct ub_packed_rrset_key));
    }
}

static void visit(const struct module_env* env, const struct lruhash_entry* e,
                  int (*begin)(void* self, const struct saring_cached* message), const struct saring_sink* sink) {
    const struct msgreply_entry* key = e->key;
    struct saring_sink names_only = *sink;
    struct saring_cached message;
    if (!key->key.qname) return;
    message.qname = key->key.qname;
    message.qname_len = key->key.qname_len;
    message.qtype = key->key.qtype;
    message.qclass = key->key.qclass;
    message.hash = e->hash;
    message.kept = e->data && kept_order(e->data, &message.order);
    if (message.kept && !kept_as_stored(reload_config(env), e->data)) message.order = SARING_NO_ORDER;
    message.rcode = e->data ? FLAGS_GET_RCODE(((const struct reply_info*)e->data)->flags) : 0;
    names_only.address = NULL;
    if (e->data) read_cached_message(e->data, begin(sink->self, &message) ? sink : &names_only);
}

/* One slice of a slab; its lock is held. */
static void walk_table(const struct module_env* env, const struct lruhash* table, size_t* at, size_t end,
                       int (*begin)(void* self, const struct saring_cached* message), const struct saring_sink* sink) {
    struct batch batch;
    size_t i;
    while (*at < end) {
        size_t to = *at + BATCH_BINS < end ? *at + BATCH_BINS : end;
        if (gather(table, *at, to, &batch)) {
            fetch_batch(&batch);
            for (i = 0; i < batch.count; i++) visit(env, batch.entries[i], begin, sink);
        } else
            for (i = *at; i < to; i++) {
                struct lruhash_entry* e = table->array[i].overflow_list;
                for (; e; e = e->overflow_next) visit(env, e, begin, sink);
            }
        *at = to;
    }
}

int glue_walk_cache(struct module_env* env, struct saring_walk* at, size_t bins,
                    int (*begin)(void* self, const struct saring_cached* message), const struct saring_sink* sink) {
    const struct slabhash* cache;
    struct lruhash* table;
    int more;
    if (!reload_enter(env)) return 1;
    cache = env->msg_cache;
    if (at->slab < cache->size) {
        /* If the table doubled since the last call, entries of a bin that was visited are in that bin or in the
         * corresponding bin of the upper half, which is still to come. */
        table = cache->array[at->slab];
        lock_quick_lock(&table->lock);
        walk_table(env, table, &at->bin, at->bin + bins < table->size ? at->bin + bins : table->size, begin, sink);
        if (at->bin >= table->size) {
            at->bin = 0;
            at->slab++;
        }
        lock_quick_unlock(&table->lock);
    }
    more = at->slab < cache->size;
    reload_leave(env);
    return more;
}
