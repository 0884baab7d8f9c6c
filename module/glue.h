/* The interface between Unbound and Saring, in plain C: Unbound's internal headers do
 * not compile as C++, and their structures differ between versions. Only the folder
 * unbound/ includes them; the rest of the module includes this header.
 *
 * Unbound calls the entry points in unbound/query.c, these call the saring_* functions that
 * entry.cc defines, and those call back through the glue_* functions below. All
 * pointers are borrowed for the length of the call. */
#ifndef SARING_GLUE_H
#define SARING_GLUE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "log_messages.h"

#ifdef __cplusplus
extern "C" {
#endif

struct module_qstate; /* Unbound's, opaque */
struct module_env;
struct reply_info;

/* One query and its first client. */
struct saring_query {
    struct module_qstate* qstate;
    const uint8_t* qname; /* uncompressed wire format, case as queried */
    size_t qname_len;
    uint16_t qtype, qclass;
    int is_step;                           /* for another name than the query's own: see saring_before_storing */
    int module_id;                         /* this module's position in module-config, from 0 */
    int has_client;                        /* 0: Unbound's own sub-query, prefetch or priming */
    const struct sockaddr_storage* client; /* first waiting client; NULL if has_client is 0 */
    time_t now;                            /* seconds since the epoch, by the worker's clock */
    time_t started;                        /* when the query began, by the same clock */
    uint64_t* state;                       /* this module's data about the query (Instance's bits); initially 0 */
    int landing_ready;                     /* the sub-query that glue_ask_landing started has ended */
};

enum saring_event {
    saring_event_new,     /* a query enters the module */
    saring_event_done,    /* the later modules have an answer */
    saring_event_landing, /* the sub-query that the module waited for has ended */
    saring_event_error
};

enum saring_step {
    saring_step_pass_on,  /* to the next module */
    saring_step_wait,     /* for the sub-query that glue_ask_landing started */
    saring_step_finished, /* send the answer as it is */
    saring_step_again,    /* restart the later modules */
    saring_step_failed    /* SERVFAIL */
};

/* Defined by entry.cc; none of them throws. */
/* `chain` is Unbound's module-config, `position` this module's position in it, from 0.
 * NULL: refuses to load; the reason was logged. */
void* saring_start(struct module_env* env, const char* chain, int position);
void saring_stop(void* instance);
enum saring_step saring_operate(void* instance, const struct saring_query* query, enum saring_event event);
enum saring_storing {
    saring_store,         /* as usual */
    saring_store_records, /* the RRsets, but no message */
    saring_store_no_chain /* likewise; the response is part of a CNAME chain that must not be stored as a message */
};
/* Called before Unbound stores a response from upstream. `query` has the question that was sent
 * upstream: a QNAME minimisation step asks for an ancestor of the queried name, a link of a chain for an alias's
 * target. */
enum saring_storing saring_before_storing(void* instance, const struct saring_query* query,
                                          const struct reply_info* response);
size_t saring_memory(void* instance); /* bytes */
int saring_keeps(void* instance);     /* whether blocked answers are kept in the message cache, see glue_keep */
struct saring_kept;
void saring_kept_answered(void* instance, const struct saring_kept* kept);

/* One RRset of a synthesised answer. rdata without its length prefix. */
struct saring_rrset {
    const uint8_t* owner;
    size_t owner_len;
    uint16_t type;
    uint32_t ttl; /* seconds */
    size_t count;
    const uint8_t* const* rdata;
    const uint16_t* rdata_len;
};

struct saring_answer {
    uint16_t rcode;
    const struct saring_rrset* sets; /* answer section first */
    size_t answer_count, authority_count;
    uint32_t ttl; /* of the message, seconds */
};

/* Makes `answer` the reply and keeps it out of every cache. 0: out of memory. */
int glue_answer(struct module_qstate* qstate, const struct saring_answer* answer);
/* Sends no reply to any client. A TCP or TLS stream stays open for its other queries. */
void glue_drop(struct module_qstate* qstate);
/* Adds an EDNS option to the reply; clients without EDNS do not get it. 0: out of memory. */
int glue_add_edns_option(struct module_qstate* qstate, uint16_t code, const uint8_t* data, size_t len);

/* The IPv6 address to which the dns64 module maps an IPv4 address. 0: the dns64 module is not loaded. */
int glue_translate(const uint8_t* four, uint8_t* sixteen);

/* Keeps the query's answer out of every cache. */
void glue_keep_out_of_cache(struct module_qstate* qstate);
/* Stores the reply if only saring_before_storing prevented that. */
void glue_store(struct module_qstate* qstate, int module_id);

/* Receives the targets of an answer: those of its CNAME and DNAME records, those of its
 * HTTPS and SVCB records, and the addresses in its A, AAAA and address hints. Called with locks of the
 * cache held if the answer is cached: the functions must only copy. */
struct saring_sink {
    void* self;
    void (*alias)(void* self, const uint8_t* wire, size_t len);
    void (*service)(void* self, const uint8_t* wire, size_t len);
    void (*address)(void* self, uint8_t family, const uint8_t* octets); /* family 4 or 6; NULL: skip addresses */
};
/* The query's reply; NULL: none yet. */
const struct reply_info* glue_reply(struct module_qstate* qstate);
/* Passes the targets of the answer section to the sink. `reply` may be NULL. */
void glue_read_answer(const struct reply_info* reply, const struct saring_sink* sink);
/* Number of RRsets in the additional section. Of the i-th, if it holds addresses, glue_read_additional passes
 * the owner to `service` and the addresses to `address`. */
size_t glue_additional_count(const struct reply_info* reply);
void glue_read_additional(const struct reply_info* reply, size_t i, const struct saring_sink* sink);
void glue_remove_additional(struct module_qstate* qstate, size_t i);
/* Follows cached aliases from a name, as Unbound does without asking upstream. Returns where the answer at the
 * end of the chain is. */
enum saring_end {
    saring_end_not_cached,
    saring_end_cached,
    saring_end_kept /* cached by glue_keep */
};
enum saring_end glue_follow_cached(struct module_qstate* qstate, const uint8_t* name, size_t len,
                                   const struct saring_sink* sink);

/* Makes a name's message of a type expire from the message cache after at most `ttl` seconds. TTLs in answers
 * stay as they are, and no prefetch renews it. */
void glue_shorten_cached(struct module_qstate* qstate, const uint8_t* qname, size_t qname_len, uint16_t qtype,
                         uint32_t ttl);

/* Removes a name's message of a type from the message cache. */
void glue_evict(struct module_qstate* qstate, const uint8_t* qname, size_t qname_len, uint16_t qtype);

/* A client that waits for the query's answer. */
struct saring_client {
    const struct sockaddr_storage* address;
    uint8_t transport; /* hitlog::Transport */
};
/* Fills at most `max`; returns the number of waiting clients. */
size_t glue_clients(struct module_qstate* qstate, struct saring_client* out, size_t max);
/* Whether other queries or callbacks inside Unbound wait for this query, besides clients. */
int glue_is_shared(struct module_qstate* qstate);
/* From now on no client joins this query; each gets a query of its own, as long as Unbound has room for more.
 * Only at saring_event_new. */
void glue_stop_sharing(struct module_qstate* qstate);
/* Takes the `chosen` clients off this query and starts a query of its own for each. That query enters the module
 * right after `chosen` was called for the client. */
void glue_split_clients(struct module_qstate* qstate, int (*chosen)(void* self, const struct sockaddr_storage* client),
                        void* self);

/* Starts a sub-query for the landing host, of the query's type. 0: out of memory, or the sub-query would wait for
 * this query. */
int glue_ask_landing(struct module_qstate* qstate, const uint8_t* name, size_t len, int module_id);
/* Appends the RRsets that the sub-query found to the reply's answer section. 0: out of memory. */
int glue_append_landing(struct module_qstate* qstate, int module_id);

/* Clients that send this EDNS option never share a query with other clients. Only while loading. */
void glue_unshare_option(struct module_env* env, uint16_t option);
/* An EDNS option of the first client's query; NULL: not sent. */
const uint8_t* glue_client_option(struct module_qstate* qstate, uint16_t code, size_t* len);

/* Walks the message cache from the module's own thread, a few bins at a time: the
 * hash table's lock is held for `bins` bins (at most a few entries each) and never across calls. */
struct saring_cached {
    const uint8_t* qname;
    size_t qname_len;
    uint16_t qtype, qclass;
    uint32_t hash;
    int kept;       /* stored by glue_keep, for this order, with this RCODE */
    uint32_t order; /* SARING_NO_ORDER: the message was changed since glue_keep stored it */
    uint16_t rcode;
};
#define SARING_NO_ORDER UINT32_MAX
struct saring_walk {
    size_t slab, bin; /* begin at 0, 0 */
};
/* For the watcher's thread, as the glue_evict_* functions below: while Unbound reloads, none of them does anything. The
 * next load of the module walks the whole cache.
 * Returns 0 at the end of the cache. For each message calls `begin`, which returns whether the sink wants its
 * addresses, then the sink. The message is valid until the next `begin`, the sink's arguments for the call. All are
 * called with locks held: they must only read and copy, and not throw. */
int glue_walk_cache(struct module_env* env, struct saring_walk* at, size_t bins,
                    int (*begin)(void* self, const struct saring_cached* message), const struct saring_sink* sink);
void glue_evict_name(struct module_env* env, const uint8_t* qname, size_t qname_len, uint16_t qtype);
/* The same, only if glue_keep stored it. */
void glue_evict_kept(struct module_env* env, const uint8_t* qname, size_t qname_len, uint16_t qtype);
void glue_evict_hashed(struct module_env* env, const struct saring_cached* message);
size_t glue_cached_messages(struct module_env* env);

/* Kept answers: blocked answers in the message cache. Unbound sends them from there without calling any module, and
 * calls saring_kept_answered for each, with locks of the cache held: that function must not wait. */

enum saring_keeping {
    saring_may_keep,
    saring_may_not_keep,
    saring_leaves_kept /* another instance of this module is before it in module-config and owns the kept answers */
};
/* While loading. `why_not` is for a log line; NULL: may keep. */
enum saring_keeping glue_keeping(struct module_env* env, int module_id, const char** why_not);
/* Stores the reply that glue_answer made, a lone SOA, for `life` seconds. Stores nothing if Unbound's configuration
 * would serve it longer, or if memory is short. */
void glue_keep(struct module_qstate* qstate, uint32_t order, uint32_t life);
/* Whether the later modules built the reply from a kept answer, as if it came from the network. */
int glue_reply_has_kept(struct module_qstate* qstate);
/* From now on no module looks in the message cache for this query. */
void glue_ask_no_cache(struct module_qstate* qstate);
int glue_asks_no_cache(struct module_qstate* qstate);

struct edns_option;
struct regional;
struct saring_kept {
    uint32_t order;
    const uint8_t *qname, *listed; /* wire format; qname in the client's letter case */
    size_t qname_len, listed_len;
    uint16_t qtype, rcode;
    const uint8_t* soa; /* rdata */
    size_t soa_len;
    struct saring_client client;
    struct timeval now; /* by the worker's clock */
    int wants_options;  /* the client sent EDNS */
    /* Unbound's: */
    struct edns_option *options_in, **options_out;
    struct regional* region;
};
/* Like glue_add_edns_option. */
int glue_add_kept_option(const struct saring_kept* kept, uint16_t code, const uint8_t* data, size_t len);
/* Like glue_client_option. */
const uint8_t* glue_kept_client_option(const struct saring_kept* kept, uint16_t code, size_t* len);

/* Writes the line "saring: IDENTIFIER: text" to Unbound's log, with the message's severity. Any thread. */
void glue_log(enum saring_log_message message, const char* text);

#ifdef __cplusplus
}
#endif
#endif
