/* The entry points that Unbound calls, and the glue_* functions that act on a query: see glue.h. */
#include "config.h"

#include "services/cache/dns.h"
#include "services/mesh.h"
#include "sldns/rrdef.h"
#include "util/config_file.h"
#include "util/data/msgreply.h"
#include "util/data/packed_rrset.h"
#include "util/log.h"
#include "util/module.h"
#include "util/net_help.h"
#include "util/regional.h"

#include "glue.h"
#include "kept.h"
#include "reload.h"
#include "rrset.h"
#include "state.h"

/* The symbols that Unbound's dynlib module looks up. */
#define ENTRY_POINT __attribute__((visibility("default")))

ENTRY_POINT int init(struct module_env* env, int id) {
    void* instance;
    rrset_read_translation_prefix(env->cfg);
    instance = saring_start(env, env->cfg->module_conf, id);
    ((struct dynlibmod_env*)env->modinfo[id])->dyn_env = instance;
    return instance != NULL && storing_start(env, id) && (!saring_keeps(instance) || kept_start(env, id));
}

ENTRY_POINT void deinit(struct module_env* env, int id) {
    kept_stop(env, id);
    storing_stop(env, id);
    saring_stop(instance_of(env, id));
    ((struct dynlibmod_env*)env->modinfo[id])->dyn_env = NULL;
}

ENTRY_POINT void operate(struct module_qstate* qstate, enum module_ev event, int id, struct outbound_entry* outbound) {
    struct saring_query query;
    struct query_state* state = state_of(qstate, id);
    enum saring_event what = saring_event_error;
    (void)outbound;
    reload_meet_daemon(qstate->env);
    if (!state) {
        qstate->return_rcode = LDNS_RCODE_SERVFAIL;
        qstate->ext_state[id] = module_error;
        return;
    }
    if (state->asked && !state->answered) {
        qstate->ext_state[id] = module_wait_subquery;
        return;
    }
    if (state->asked) {
        what = saring_event_landing;
        state->asked = 0; /* reported once; later events are ordinary ones */
    } else if (event == module_event_new || event == module_event_pass) what = saring_event_new;
    else if (event == module_event_moddone) what = saring_event_done;
    query = query_of(qstate, &qstate->qinfo, id, state);
    switch (saring_operate(instance_of(qstate->env, id), &query, what)) {
        case saring_step_pass_on: qstate->ext_state[id] = module_wait_module; break;
        case saring_step_wait: qstate->ext_state[id] = module_wait_subquery; break;
        case saring_step_finished: qstate->ext_state[id] = module_finished; break;
        case saring_step_again:
            qstate->return_msg = NULL;
            qstate->return_rcode = LDNS_RCODE_NOERROR;
            qstate->ext_state[id] = module_restart_next;
            break;
        case saring_step_failed:
            qstate->return_rcode = LDNS_RCODE_SERVFAIL;
            qstate->return_msg = NULL;
            qstate->ext_state[id] = module_error;
            break;
    }
}

/* The landing sub-query has ended: copies its RRsets to the query that waits for it. */
ENTRY_POINT void inform_super(struct module_qstate* qstate, int id, struct module_qstate* super) {
    struct query_state* state = super->minfo[id];
    struct reply_info* rep = qstate->return_msg ? qstate->return_msg->rep : NULL;
    size_t i;
    if (!state || !state->asked) return;
    state->answered = 1;
    state->landing_count = 0;
    if (qstate->return_rcode != LDNS_RCODE_NOERROR || !rep || rep->an_numrrsets == 0 ||
        rep->security == sec_status_bogus || rep->security == sec_status_secure_sentinel_fail)
        return;
    state->landing = regional_alloc(super->region, rep->an_numrrsets * sizeof(*state->landing));
    if (!state->landing) return;
    for (i = 0; i < rep->an_numrrsets; i++) {
        struct ub_packed_rrset_key* copy = packed_rrset_copy_region(rep->rrsets[i], super->region, 0);
        if (!copy) return;
        state->landing[state->landing_count++] = copy;
    }
}

ENTRY_POINT void clear(struct module_qstate* qstate, int id) { qstate->minfo[id] = NULL; /* the region frees it */ }

ENTRY_POINT size_t get_mem(struct module_env* env, int id) { return saring_memory(instance_of(env, id)); }

static struct ub_packed_rrset_key* make_rrset(const struct saring_rrset* set, struct regional* region) {
    size_t i, size;
    struct ub_packed_rrset_key* key = regional_alloc_zero(region, sizeof(*key));
    struct packed_rrset_data* data;
    /* One block, laid out as packed_rrset_ptr_fixup expects, because Unbound copies it with one memcpy. */
    size = sizeof(*data) + set->count * (sizeof(*data->rr_len) + sizeof(*data->rr_ttl) + sizeof(*data->rr_data));
    for (i = 0; i < set->count; i++) size += (size_t)set->rdata_len[i] + 2;
    data = regional_alloc_zero(region, size);
    if (!key || !data) return NULL;
    key->entry.key = key;
    key->entry.data = data;
    key->rk.dname = regional_alloc_init(region, set->owner, set->owner_len);
    if (!key->rk.dname) return NULL;
    key->rk.dname_len = set->owner_len;
    key->rk.type = htons(set->type);
    key->rk.rrset_class = htons(LDNS_RR_CLASS_IN);
    key->entry.hash = rrset_key_hash(&key->rk);
    data->ttl = (time_t)set->ttl;
    data->count = set->count;
    data->trust = rrset_trust_ans_noAA;
    data->security = sec_status_insecure;
    data->rr_len = (size_t*)((uint8_t*)data + sizeof(*data));
    for (i = 0; i < set->count; i++) data->rr_len[i] = (size_t)set->rdata_len[i] + 2;
    packed_rrset_ptr_fixup(data);
    for (i = 0; i < set->count; i++) {
        data->rr_ttl[i] = (time_t)set->ttl;
        data->rr_data[i][0] = (uint8_t)(set->rdata_len[i] >> 8);
        data->rr_data[i][1] = (uint8_t)set->rdata_len[i];
        memmove(data->rr_data[i] + 2, set->rdata[i], set->rdata_len[i]);
    }
    return key;
}

int glue_answer(struct module_qstate* qstate, const struct saring_answer* answer) {
    struct regional* region = qstate->region;
    size_t i, total = answer->answer_count + answer->authority_count;
    struct dns_msg* msg = regional_alloc_zero(region, sizeof(*msg));
    /* Filled field by field: the parameters of construct_reply_info_base differ between versions. */
    struct reply_info* rep = regional_alloc_zero(region, sizeof(*rep));
    if (!msg || !rep) return 0;
    rep->flags = (uint16_t)(BIT_QR | BIT_RA | (answer->rcode & 0xf));
    rep->qdcount = 1;
    rep->ttl = (time_t)answer->ttl;
    rep->prefetch_ttl = rep->ttl;
    rep->serve_expired_ttl = rep->ttl;
    /* An unchecked or bogus reply would become SERVFAIL. */
    rep->security = sec_status_insecure;
    rep->reason_bogus = LDNS_EDE_NONE;
    rep->an_numrrsets = answer->answer_count;
    rep->ns_numrrsets = answer->authority_count;
    rep->rrset_count = total;
    if (total > 0) {
        rep->rrsets = regional_alloc(region, total * sizeof(*rep->rrsets));
        if (!rep->rrsets) return 0;
    }
    for (i = 0; i < total; i++) {
        rep->rrsets[i] = make_rrset(&answer->sets[i], region);
        if (!rep->rrsets[i]) return 0;
    }
    msg->qinfo = qstate->qinfo;
    msg->rep = rep;
    qstate->return_msg = msg;
    qstate->return_rcode = LDNS_RCODE_NOERROR;
    qstate->no_cache_store = 1;
    qstate->need_refetch = 0;
    return 1;
}

int glue_add_edns_option(struct module_qstate* qstate, uint16_t code, const uint8_t* data, size_t len) {
    return edns_opt_list_append(&qstate->edns_opts_front_out, code, len, (uint8_t*)data, qstate->region);
}

void glue_keep_out_of_cache(struct module_qstate* qstate) { qstate->no_cache_store = 1; }

/* In newer versions attach_sub has one more parameter; its type selects the call. */
struct respip_client_info;
typedef int (*attach_sub_without_client)(struct module_qstate*, struct query_info*, uint16_t, int, int,
                                         struct module_qstate**);
typedef int (*attach_sub_with_client)(struct module_qstate*, struct query_info*, struct respip_client_info*, uint16_t,
                                      int, int, struct module_qstate**);

static int attach_sub(struct module_qstate* qstate, struct query_info* ask, struct module_qstate** sub) {
    void (*f)(void) = (void (*)(void))qstate->env->attach_sub;
    if (_Generic(qstate->env->attach_sub, attach_sub_without_client : 1, attach_sub_with_client : 0))
        return ((attach_sub_without_client)f)(qstate, ask, BIT_RD, 0, 0, sub);
    return ((attach_sub_with_client)f)(qstate, ask, NULL, BIT_RD, 0, 0, sub);
}

int glue_ask_landing(struct module_qstate* qstate, const uint8_t* name, size_t len, int module_id) {
    struct module_qstate* sub = NULL;
    struct query_info ask = qstate->qinfo;
    struct query_state* state = state_of(qstate, module_id);
    ask.qname = regional_alloc_init(qstate->region, name, len);
    ask.qname_len = len;
    ask.local_alias = NULL;
    if (!state || !ask.qname) return 0;
    /* Sub-queries that later modules started must not be taken for the landing host's answer. */
    (*qstate->env->detach_subs)(qstate);
    /* The landing host's sub-query may itself wait for this query, e.g. for a name server's address. */
    if ((*qstate->env->detect_cycle)(qstate, &ask, BIT_RD, 0, 0)) return 0;
    if (!attach_sub(qstate, &ask, &sub)) return 0;
    state->asked = 1;
    state->answered = 0;
    if (sub) {
        sub->curmod = module_id;
        sub->ext_state[module_id] = module_state_initial;
        sub->minfo[module_id] = NULL;
    }
    return 1;
}

int glue_append_landing(struct module_qstate* qstate, int module_id) {
    struct query_state* state = state_of(qstate, module_id);
    struct reply_info* rep = qstate->return_msg ? qstate->return_msg->rep : NULL;
    struct ub_packed_rrset_key** sets;
    if (!state || !rep || state->landing_count == 0) return 1;
    sets = regional_alloc(qstate->region, (rep->rrset_count + state->landing_count) * sizeof(*sets));
    if (!sets) return 0;
    memcpy(sets, rep->rrsets, rep->an_numrrsets * sizeof(*sets));
    memcpy(sets + rep->an_numrrsets, state->landing, state->landing_count * sizeof(*sets));
    memcpy(sets + rep->an_numrrsets + state->landing_count, rep->rrsets + rep->an_numrrsets,
           (rep->rrset_count - rep->an_numrrsets) * sizeof(*sets));
    rep->rrsets = sets;
    rep->an_numrrsets += state->landing_count;
    rep->rrset_count += state->landing_count;
    return 1;
}

void glue_log(enum saring_log_message message, const char* text) {
    enum { error, warning, info };
    static const struct {
        const char* identifier;
        int severity;
    } messages[] = {
#define SARING_LOG_ROW(identifier, severity) {#identifier, severity},
        SARING_LOG_MESSAGES(SARING_LOG_ROW)
#undef SARING_LOG_ROW
    };
    switch (messages[message].severity) {
        case error: log_err("saring: %s: %s", messages[message].identifier, text); break;
        case warning: log_warn("saring: %s: %s", messages[message].identifier, text); break;
        default: log_info("saring: %s: %s", messages[message].identifier, text); break;
    }
}
