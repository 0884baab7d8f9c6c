/* Which responses may enter Unbound's message cache: see saring_before_storing in glue.h. */
#include "config.h"

#include "services/cache/dns.h"
#include "services/cache/rrset.h"
#include "sldns/rrdef.h"
#include "util/data/dname.h"
#include "util/data/msgreply.h"
#include "util/data/packed_rrset.h"
#include "util/net_help.h"

#include "kept.h"
#include "state.h"

#define MAX_LINKS 16 /* Unbound itself gives up after fewer */

/* Called right before the iterator stores the response. With a TTL of 0 Unbound stores the RRsets, whose own TTLs
 * clients get, but no message. */
static int before_storing(struct module_qstate* qstate, struct dns_msg* response, int id, void* arg) {
    struct reply_info* rep = response ? response->rep : NULL;
    struct query_state* state;
    struct saring_query query;
    int may_be_stored = !qstate->no_cache_store;
    enum saring_storing what;
    (void)arg;
    if (!rep || response->qinfo.qclass != LDNS_RR_CLASS_IN || !(state = state_of(qstate, id))) return 1;
    query = query_of(qstate, &response->qinfo, id, state);
    what = saring_before_storing(instance_of(qstate->env, id), &query, rep);
    if (what == saring_store) return 1;
    rep->ttl = 0;
    state->held_back |= may_be_stored;
    /* End of an alias chain: the validator would set a TTL of its own if the answer is bogus, and store it. */
    if (what == saring_store_no_chain && rep->an_numrrsets > 0 &&
        ntohs(rep->rrsets[rep->an_numrrsets - 1]->rk.type) != LDNS_RR_TYPE_CNAME)
        qstate->no_cache_store = 1;
    return 1;
}

int storing_start(struct module_env* env, int id) {
    return ((struct dynlibmod_env*)env->modinfo[id])
        ->inplace_cb_register_wrapped((void*)before_storing, inplace_cb_query_response, NULL, env, id);
}

void storing_stop(struct module_env* env, int id) {
    ((struct dynlibmod_env*)env->modinfo[id])->inplace_cb_delete_wrapped(env, inplace_cb_query_response, id);
}

/* Newer versions of dns_cache_store have one more parameter; the function's type selects the call. */
typedef int (*store_of_nine)(struct module_env*, struct query_info*, struct reply_info*, int, time_t, int,
                             struct regional*, uint32_t, time_t);
typedef int (*store_of_ten)(struct module_env*, struct query_info*, struct reply_info*, int, time_t, int,
                            struct regional*, uint32_t, time_t, int);

static int store(struct module_qstate* qstate, struct reply_info* rep) {
    void (*f)(void) = (void (*)(void)) & dns_cache_store;
    if (_Generic(&dns_cache_store, store_of_nine : 1, store_of_ten : 0))
        return ((store_of_nine)f)(qstate->env, &qstate->qinfo, rep, 0, qstate->prefetch_leeway, 0, NULL,
                                  qstate->query_flags, qstate->qstarttime);
    return ((store_of_ten)f)(qstate->env, &qstate->qinfo, rep, 0, qstate->prefetch_leeway, 0, NULL, qstate->query_flags,
                             qstate->qstarttime, 0);
}

void glue_store(struct module_qstate* qstate, int module_id) {
    struct query_state* state = state_of(qstate, module_id);
    struct reply_info* rep = qstate->return_msg ? qstate->return_msg->rep : NULL;
    size_t i;
    if (!state || !state->held_back || !rep || rep->ttl != 0 || rep->rrset_count == 0 ||
        FLAGS_GET_RCODE(rep->flags) != LDNS_RCODE_NOERROR || rep->security == sec_status_bogus)
        return;
    rep->ttl = MAX_TTL;
    for (i = 0; i < rep->rrset_count; i++) {
        struct packed_rrset_data* data = rep->rrsets[i]->entry.data;
        if (data->ttl < rep->ttl) rep->ttl = data->ttl;
    }
    rep->prefetch_ttl = PREFETCH_TTL_CALC(rep->ttl);
    rep->serve_expired_ttl = rep->ttl + SERVE_EXPIRED_TTL;
    (void)store(qstate, rep); /* out of memory: the next query asks upstream again */
}

static struct ub_packed_rrset_key* cached_rrset(struct module_env* env, uint8_t* name, size_t len, uint16_t type) {
    return rrset_cache_lookup(env->rrset_cache, name, len, type, LDNS_RR_CLASS_IN, 0, *env->now, 0);
}

/* Replaces the last `owner_len` octets of the name by the target of a locked CNAME or DNAME, and unlocks it.
 * 0: the name would be too long. */
static int replace(struct ub_packed_rrset_key* link, uint8_t* name, size_t* len, size_t owner_len) {
    const struct packed_rrset_data* data = link->entry.data;
    size_t front = *len - owner_len, target = data->rr_len[0] - 2;
    int fits = front + target <= LDNS_MAX_DOMAINLEN;
    if (fits) {
        memcpy(name + front, data->rr_data[0] + 2, target);
        *len = front + target;
    }
    lock_rw_unlock(&link->entry.lock);
    return fits;
}

static int follow_link(struct module_env* env, uint8_t* name, size_t* len) {
    struct ub_packed_rrset_key* link = cached_rrset(env, name, *len, LDNS_RR_TYPE_CNAME);
    uint8_t* above = name;
    size_t above_len = *len;
    if (link) return replace(link, name, len, *len);
    /* Unbound follows a cached DNAME without its CNAME only if it was validated. */
    while (env->need_to_validate && above_len > 1) {
        dname_remove_label(&above, &above_len);
        link = cached_rrset(env, above, above_len, LDNS_RR_TYPE_DNAME);
        if (link) return replace(link, name, len, above_len);
    }
    return 0;
}

enum saring_end glue_follow_cached(struct module_qstate* qstate, const uint8_t* name, size_t len,
                                   const struct saring_sink* sink) {
    uint8_t at[LDNS_MAX_DOMAINLEN];
    struct msgreply_entry* end;
    int links = 0;
    uint32_t order;
    enum saring_end out;
    if (len > sizeof(at)) return saring_end_not_cached;
    memcpy(at, name, len);
    while (links < MAX_LINKS && follow_link(qstate->env, at, &len)) {
        sink->alias(sink->self, at, len);
        links++;
    }
    /* Unbound looked for the queried name's own answer before it called any module. */
    if (links == 0 && name == qstate->qinfo.qname) return saring_end_not_cached;
    end = msg_cache_lookup(qstate->env, at, len, qstate->qinfo.qtype, qstate->qinfo.qclass, qstate->query_flags,
                           *qstate->env->now, 0);
    if (!end) return saring_end_not_cached;
    out = kept_order(end->entry.data, &order) ? saring_end_kept : saring_end_cached;
    lock_rw_unlock(&end->entry.lock);
    return out;
}
