/* The clients that wait for a query: see glue.h. */
#include "config.h"

#include "services/cache/infra.h"
#include "services/listen_dnsport.h"
#include "util/config_file.h"
#include "util/log.h"
#include "util/net_help.h"
#include "util/netevent.h"

#include "kept.h"
#include "state.h"

/* The numbers are stored with hits: hitlog::Transport. */
uint8_t glue_transport(const struct comm_point* c) {
    switch (c->type) {
        case comm_udp: return 0;
        case comm_tcp: return c->ssl ? 2 : 1;
        case comm_http: return 3;
#ifdef HAVE_NGTCP2
        case comm_doq: return 4;
#endif
        default: return 5;
    }
}

size_t glue_clients(struct module_qstate* qstate, struct saring_client* out, size_t max) {
    size_t n = 0;
    struct mesh_reply* r;
    for (r = qstate->mesh_info->reply_list; r; r = r->next, n++)
        if (n < max) {
            out[n].address = &r->query_reply.client_addr;
            out[n].transport = glue_transport(r->query_reply.c);
        }
    return n;
}

int glue_is_shared(struct module_qstate* qstate) {
    return qstate->mesh_info->super_set.count > 0 || qstate->mesh_info->cb_list != NULL;
}

/* `unique` is part of a query's key in Unbound's trees, including those of its super- and sub-queries: so it can change
 * only while the query has neither. */
void glue_stop_sharing(struct module_qstate* qstate) {
    struct mesh_state* m = qstate->mesh_info;
    struct mesh_area* mesh = qstate->env->mesh;
    /* When more than half of the query slots are in use, sharing queries is better. */
    if (m->unique || m->super_set.count > 0 || m->sub_set.count > 0 ||
        mesh->num_reply_states > mesh->max_forever_states)
        return;
    (void)rbtree_delete(&mesh->all, m);
    mesh_state_make_unique(m);
    (void)rbtree_insert(&mesh->all, &m->node);
}

/* Removes the first client from a query, as if it had closed its connection. */
static struct mesh_reply* take_client(struct mesh_state* m) {
    struct mesh_area* mesh = m->s.env->mesh;
    struct mesh_reply *client = m->reply_list, *other = client->next;
    struct comm_point* c = client->query_reply.c;
    m->reply_list = other;
    mesh->num_reply_addrs--;
    infra_wait_limit_dec(mesh->env->infra_cache, &client->query_reply, mesh->env->cfg);
    if (!m->reply_list && !m->cb_list) {
        mesh->num_reply_states--;
        if (m->super_set.count == 0) mesh->num_detached_states++;
    }
    if (c->use_h2) {
        client->h2_stream->mesh_state = NULL;
        c->h2_stream = client->h2_stream;
    } else if (c->tcp_req_info) {
        /* If the same stream has other clients of this query, keep the query on the stream's list. */
        tcp_req_info_remove_mesh_state(c->tcp_req_info, m);
        while (other && other->query_reply.c != c) other = other->next;
        if (other) (void)tcp_req_info_add_meshstate(c->tcp_req_info, mesh, m);
    }
#ifdef HAVE_NGTCP2
    if (client->query_reply.doq_stream) client->query_reply.doq_stream->mesh_state = NULL;
#endif
    return client;
}

/* Closing a stream also removes its other clients from the list. */
static void close_stream(struct mesh_reply* client) {
    if (!client->query_reply.c->tcp_req_info) comm_point_drop_reply(&client->query_reply);
}

/* Does not use is_drop: that closes streams, and some versions never uncount the dropped clients, until Unbound
 * accepts no more queries. */
void glue_drop(struct module_qstate* qstate) {
    while (qstate->mesh_info->reply_list) close_stream(take_client(qstate->mesh_info));
    qstate->return_msg = NULL;
    qstate->return_rcode = LDNS_RCODE_NOERROR;
    qstate->no_cache_store = 1;
}

/* Starting a new query may run others, which must neither wake this query nor evict it from the jostle list. It may
 * also close a stream, which removes clients from reply_list: so the chosen clients are moved to its front and taken
 * from there one by one. */
void glue_split_clients(struct module_qstate* qstate, int (*chosen)(void* self, const struct sockaddr_storage* client),
                        void* self) {
    static _Thread_local unsigned depth; /* a query started here may itself split its clients */
    const unsigned max_depth = 8;
    struct mesh_state* m = qstate->mesh_info;
    struct module_env* env = qstate->env;
    struct mesh_reply *split, *staying, **split_end = &split, **staying_end = &staying, *r;
    int unique = env->unique_mesh;
    for (r = m->reply_list; r; r = r->next) {
        struct mesh_reply*** end = chosen(self, &r->query_reply.client_addr) ? &split_end : &staying_end;
        **end = r;
        *end = &r->next;
    }
    *staying_end = NULL;
    *split_end = staying;
    m->reply_list = split;
    (*env->detach_subs)(qstate);
    if (m->list_select == mesh_jostle_list) {
        mesh_list_remove(m, &env->mesh->jostle_first, &env->mesh->jostle_last);
        m->list_select = mesh_no_list;
    }
    env->unique_mesh = 1;
    env->mesh->max_reply_states++; /* these clients were admitted already */
    depth++;
    while (m->reply_list && chosen(self, &m->reply_list->query_reply.client_addr)) {
        struct mesh_reply* client = take_client(m);
        struct query_info ask = qstate->qinfo;
        if (depth > max_depth) { /* no answer: the client retries */
            close_stream(client);
            continue;
        }
        ask.qname = client->qname;
        ask.local_alias = client->local_alias;
        mesh_new_client(env->mesh, &ask, qstate->client_info, client->qflags, &client->edns, &client->query_reply,
                        client->qid, qstate->rpz_passthru);
    }
    depth--;
    env->mesh->max_reply_states--;
    env->unique_mesh = unique;
}

void glue_unshare_option(struct module_env* env, uint16_t option) {
    char text[64];
    if (edns_register_option(option, 0 /* the cache may answer */, 1, env)) return;
    snprintf(text, sizeof(text), "EDNS option %u could not be registered", (unsigned)option);
    glue_log(SARING_EDNS_NOT_REGISTERED, text);
}

const uint8_t* glue_client_option(struct module_qstate* qstate, uint16_t code, size_t* len) {
    return option_data(edns_opt_list_find(qstate->edns_opts_front_in, code), len);
}
