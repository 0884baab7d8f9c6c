/* Kept answers, which Unbound sends from its message cache: see glue.h.
 *
 * The RRset flags of a kept answer hold a mark and the order's index. Unbound hashes and compares flags, so its
 * look-ups find the RRset only through the message, and the mark distinguishes our messages from all others. Unbound
 * marks the answers of its own RPZ in the same way. PACKED_RRSET_FIXEDTTL gives each client the whole answer.ttl,
 * however long the message has been cached. */
#include "config.h"

#include "dynlibmod/dynlibmod.h"
#include "services/cache/dns.h"
#include "services/cache/rrset.h"
#include "sldns/rrdef.h"
#include "util/config_file.h"
#include "util/data/msgreply.h"
#include "util/data/packed_rrset.h"
#include "util/net_help.h"
#include "util/netevent.h"
#include "util/storage/slabhash.h"

#include "kept.h"
#include "state.h"

#define MARK 0x40000000u
#define INDEX_SHIFT 10 /* Unbound 1.26 has flags up to 0x40 */
#define MAX_INDEX ((MARK >> INDEX_SHIFT) - 1)

/* 0 unless the reply is a kept answer: a lone SOA with the mark. */
static inline uint32_t mark_of(const struct reply_info* rep) {
    uint32_t flags;
    if (rep->an_numrrsets != 0 || rep->rrset_count != 1) return 0;
    flags = __atomic_load_n(&rep->rrsets[0]->rk.flags, __ATOMIC_RELAXED);
    return flags & MARK ? flags : 0;
}

static uint32_t index_in(uint32_t mark) { return (mark & (MARK - 1)) >> INDEX_SHIFT; }

int kept_order(const struct reply_info* rep, uint32_t* order) {
    uint32_t mark = mark_of(rep);
    *order = index_in(mark);
    return mark != 0;
}

int glue_reply_has_kept(struct module_qstate* qstate) {
    struct reply_info* rep = qstate->return_msg ? qstate->return_msg->rep : NULL;
    size_t i;
    for (i = 0; rep && i < rep->rrset_count; i++)
        if (rep->rrsets[i]->rk.flags & MARK) return 1;
    return 0;
}

int glue_asks_no_cache(struct module_qstate* qstate) { return qstate->no_cache_lookup; }

void glue_ask_no_cache(struct module_qstate* qstate) { qstate->no_cache_lookup = 1; }

enum saring_keeping glue_keeping(struct module_env* env, int module_id, const char** why_not) {
    const char* word = env->cfg->module_conf;
    const struct dynlibmod_env* own = env->modinfo[module_id];
    enum saring_keeping out = saring_may_keep;
    size_t len;
    int i;
    *why_not = NULL;
    for (i = 0; i < module_id; i++, word += len) {
        word += strspn(word, " \t");
        len = strcspn(word, " \t");
        if (len == strlen("respip") && strncmp(word, "respip", len) == 0) continue;
        *why_not = "a module that is before dynlib in module-config may change the answers";
        if (out == saring_may_keep) out = saring_may_not_keep;
        if (len == strlen("dynlib") && strncmp(word, "dynlib", len) == 0 &&
            ((struct dynlibmod_env*)env->modinfo[i])->func_operate == own->func_operate)
            out = saring_leaves_kept;
    }
    /* cachedb stores answers outside this process, without the mark and out of reach of eviction. */
    if (out == saring_may_keep && strstr(env->cfg->module_conf, "cachedb")) {
        *why_not = "cachedb is in module-config";
        out = saring_may_not_keep;
    }
    return out;
}

/* Whether Unbound would serve a kept answer stale after its order has ended. The configuration may change at run
 * time. */
static int served_expired_without_end(const struct config_file* cfg) {
    return cfg->serve_expired && (cfg->serve_expired_ttl == 0 || cfg->serve_expired_ttl_reset);
}

int kept_as_stored(const struct config_file* cfg, const struct reply_info* rep) {
    return rep->prefetch_ttl > rep->ttl && !served_expired_without_end(cfg);
}

void glue_keep(struct module_qstate* qstate, uint32_t order, uint32_t life) {
    struct module_env* env = qstate->env;
    struct query_info question = qstate->qinfo;
    const struct reply_info* made = qstate->return_msg->rep;
    struct reply_info* rep;
    struct msgreply_entry* entry;
    struct ub_packed_rrset_key* soa;
    hashvalue_type hash = query_info_hash(&question, qstate->query_flags);
    time_t until = *env->now + (time_t)life;
    if (order > MAX_INDEX || served_expired_without_end(env->cfg) || made->rrset_count != 1 || made->an_numrrsets != 0)
        return;
    rep = reply_info_copy((struct reply_info*)made, env->alloc, NULL);
    if (!rep) return;
    question.qname = memdup(question.qname, question.qname_len);
    question.local_alias = NULL;
    entry = question.qname ? query_info_entrysetup(&question, rep, hash) : NULL;
    if (!entry) {
        free(question.qname);
        reply_info_parsedelete(rep, env->alloc);
        return;
    }
    rep->ttl = until;
    rep->serve_expired_ttl = until;
    rep->prefetch_ttl = until + 1; /* never prefetch */
    soa = rep->rrsets[0];
    soa->rk.flags = MARK | PACKED_RRSET_FIXEDTTL | order << INDEX_SHIFT;
    soa->entry.hash = rrset_key_hash(&soa->rk);
    ((struct packed_rrset_data*)soa->entry.data)->ttl = until;
    rep->ref[0].key = soa;
    rep->ref[0].id = soa->id;
    /* With `until` as the time, so that an SOA cached for another name gets the longer lifetime. */
    if (rrset_cache_update(env->rrset_cache, &rep->ref[0], env->alloc, until)) rep->rrsets[0] = rep->ref[0].key;
    slabhash_insert(env->msg_cache, hash, &entry->entry, rep, env->alloc);
}

/* Not inlined, so that other answers do not pay for its stack frame. */
static __attribute__((noinline)) void report_kept_answer(const struct query_info* question,
                                                         const struct reply_info* rep, struct edns_data* edns,
                                                         struct edns_option** options_out, const struct comm_reply* to,
                                                         struct regional* region, const struct timeval* now,
                                                         void* instance) {
    const struct ub_packed_rrset_key* soa = rep->rrsets[0];
    const struct packed_rrset_data* data = soa->entry.data;
    struct saring_kept kept;
    kept.order = index_in(soa->rk.flags);
    kept.qname = question->qname;
    kept.qname_len = question->qname_len;
    kept.qtype = question->qtype;
    kept.listed = soa->rk.dname;
    kept.listed_len = soa->rk.dname_len;
    kept.soa = data->rr_data[0] + 2;
    kept.soa_len = data->rr_len[0] - 2;
    kept.rcode = FLAGS_GET_RCODE(rep->flags);
    kept.client.address = &to->client_addr;
    kept.client.transport = glue_transport(to->c);
    kept.now = *now;
    kept.wants_options = edns->edns_present;
    kept.options_in = edns->opt_list_in;
    kept.options_out = options_out;
    kept.region = region;
    saring_kept_answered(instance, &kept);
}

/* Unbound calls this for each answer from its cache, with the RRsets locked for reading. For answers that are not
 * kept ones it returns after one or two comparisons. */
static int on_cached_reply(struct query_info* question, struct module_qstate* qstate, struct reply_info* rep, int rcode,
                           struct edns_data* edns, struct edns_option** options_out, struct comm_reply* to,
                           struct regional* region, struct timeval* start_time, int id, void* instance) {
    (void)qstate;
    (void)rcode;
    (void)id;
    if (rep && mark_of(rep) && to)
        report_kept_answer(question, rep, edns, options_out, to, region, start_time, instance);
    return 1;
}

int glue_add_kept_option(const struct saring_kept* kept, uint16_t code, const uint8_t* data, size_t len) {
    return edns_opt_list_append(kept->options_out, code, len, (uint8_t*)data, kept->region);
}

const uint8_t* glue_kept_client_option(const struct saring_kept* kept, uint16_t code, size_t* len) {
    return option_data(edns_opt_list_find(kept->options_in, code), len);
}

int kept_start(struct module_env* env, int id) {
    return ((struct dynlibmod_env*)env->modinfo[id])
        ->inplace_cb_register_wrapped((void*)on_cached_reply, inplace_cb_reply_cache, instance_of(env, id), env, id);
}

void kept_stop(struct module_env* env, int id) {
    ((struct dynlibmod_env*)env->modinfo[id])->inplace_cb_delete_wrapped(env, inplace_cb_reply_cache, id);
}
