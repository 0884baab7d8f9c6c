/* The module's state of a query. For this folder only. */
#ifndef SARING_UNBOUND_STATE_H
#define SARING_UNBOUND_STATE_H

#include "dynlibmod/dynlibmod.h"
#include "services/mesh.h"
#include "util/module.h"
#include "util/regional.h"

#include "glue.h"

/* Allocated in the query's region. */
struct query_state {
    uint64_t word; /* saring_query::state */
    /* the RRsets that the landing sub-query found, copied into the query's region */
    struct ub_packed_rrset_key** landing;
    size_t landing_count;
    int asked, answered; /* the landing sub-query was started, has ended */
    int held_back;       /* only saring_before_storing prevented a message from being stored */
};

static inline void* instance_of(struct module_env* env, int id) {
    return ((struct dynlibmod_env*)env->modinfo[id])->dyn_env;
}

/* NULL: out of memory. */
static inline struct query_state* state_of(struct module_qstate* qstate, int id) {
    if (!qstate->minfo[id]) qstate->minfo[id] = regional_alloc_zero(qstate->region, sizeof(struct query_state));
    return qstate->minfo[id];
}

static inline struct saring_query query_of(struct module_qstate* qstate, const struct query_info* question, int id,
                                           struct query_state* state) {
    struct mesh_reply* reply = qstate->mesh_info->reply_list;
    struct saring_query query;
    query.qstate = qstate;
    query.qname = question->qname;
    query.qname_len = question->qname_len;
    query.qtype = question->qtype;
    query.qclass = question->qclass;
    query.is_step =
        question != &qstate->qinfo && (question->qname_len != qstate->qinfo.qname_len ||
                                       memcmp(question->qname, qstate->qinfo.qname, question->qname_len) != 0);
    query.module_id = id;
    query.has_client = reply != NULL;
    query.client = reply ? &reply->query_reply.client_addr : NULL;
    query.now = *qstate->env->now;
    query.started = qstate->qstarttime;
    query.state = &state->word;
    query.landing_ready = state->answered;
    return query;
}

/* NULL: no option. Not NULL for an empty option. */
static inline const uint8_t* option_data(const struct edns_option* option, size_t* len) {
    static const uint8_t empty[1] = {0};
    if (!option) return NULL;
    *len = option->opt_len;
    return option->opt_data ? option->opt_data : empty;
}

/* storing.c. 0: out of memory. */
int storing_start(struct module_env* env, int id);
void storing_stop(struct module_env* env, int id);

#endif
