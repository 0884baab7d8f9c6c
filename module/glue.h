/* The border between Unbound and Saring, in plain C: Unbound's internal headers do
 * not compile as C++, and their structures differ between versions. The folder
 * unbound/ alone sees them; everything else of the module sees this header.
 *
 * Unbound calls the entry points in unbound/query.c, they call the saring_* functions that
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

/* What a query asks and for whom. */
struct saring_query {
    struct module_qstate* qstate;
    const uint8_t* qname; /* uncompressed wire format, case as queried */
    size_t qname_len;
    uint16_t qtype, qclass;
    int is_step;                           /* for another name than the query's own: see saring_before_storing */
    int module_id;                         /* this module's place in the chain */
    int has_client;                        /* 0: a sub-query, prefetch or priming of Unbound's own */
    const struct sockaddr_storage* client; /* first client waiting; NULL without */
    time_t now;                            /* seconds since the epoch, by the worker's clock */
    uint64_t* state;                       /* this module's own word about the query; 0 at first */
    int landing_ready;                     /* glue_ask_landing was called and its sub-query has ended */
};

enum saring_event {
    saring_event_new,     /* a query enters the module */
    saring_event_done,    /* the modules behind have an answer */
    saring_event_landing, /* the sub-query that the module waited for has ended */
    saring_event_error
};

enum saring_step {
    saring_step_pass_on,  /* to the next module */
    saring_step_wait,     /* for the sub-query that glue_ask_landing started */
    saring_step_finished, /* the answer stands */
    saring_step_again,    /* the modules behind are to be asked anew */
    saring_step_failed    /* SERVFAIL */
};

/* Defined by entry.cc; none lets an exception out. */
/* `chain` is Unbound's module-config, `position` this module's place in it, from 0.
 * NULL: refuse to load; the reason was logged. */
void* saring_start(struct module_env* env, const char* chain, int position);
void saring_stop(void* instance);
enum saring_step saring_operate(void* instance, const struct saring_query* query, enum saring_event event);
enum saring_storing {
    saring_store,         /* as usual */
    saring_store_records, /* the RRsets, but no message */
    saring_store_no_chain /* likewise; it is part of a chain of aliases that is not to be stored as a message */
};
/* HistoryTarget before Unbound stores a response from upstream. The query has the question that was asked
 * there: a step of QNAME minimisation asks for an ancestor of the queried name, a link of a chain for an alias's
 * target. */
enum saring_storing saring_before_storing(void* instance, const struct saring_query* query,
                                          const struct reply_info* response);
size_t saring_memory(void* instance); /* bytes */
int saring_keeps(void* instance);     /* whether blocked answers are kept, see below */
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
    uint32_t ttl; /* of the whole, seconds */
};

/* Makes `answer` the reply, kept out of every cache. 0: out of memory. */
int glue_answer(struct module_qstate* qstate, const struct saring_answer* answer);
/* Sends no reply to any client. On a stream over TCP or TLS other questions go on. */
void glue_drop(struct module_qstate* qstate);
/* Adds an EDNS option to the reply; clients without EDNS do not get it. 0: out of memory. */
int glue_add_edns_option(struct module_qstate* qstate, uint16_t code, const uint8_t* data, size_t len);

/* The address under which clients behind the dns64 module reach an IPv4 one. 0: there is no such module. */
int glue_translate(const uint8_t* four, uint8_t* sixteen);

/* Keeps the query's answer out of every cache. */
void glue_keep_out_of_cache(struct module_qstate* qstate);
/* Stores the reply when saring_before_storing alone kept it from being stored. */
void glue_store(struct module_qstate* qstate, int module_id);

/* Receives what an answer leads to: the targets of its CNAME and DNAME records, those of its
 * HTTPS and SVCB records, and the addresses in its A, AAAA and hints. Called under locks of the
 * cache when the answer is a cached one: it must only copy. */
struct saring_sink {
    void* self;
    void (*alias)(void* self, const uint8_t* wire, size_t len);
    void (*service)(void* self, const uint8_t* wire, size_t len);
    void (*address)(void* self, uint8_t family, const uint8_t* octets); /* 4 or 6; NULL: not asked for */
};
/* The query's reply, NULL when there is none. */
const struct reply_info* glue_reply(struct module_qstate* qstate);
/* Where its answer section leads; of no reply, nowhere. */
void glue_read_answer(const struct reply_info* reply, const struct saring_sink* sink);
/* How many RRsets its additional section has. The i-th, if it has addresses: its owner as a
 * service, its addresses. */
size_t glue_additional_count(const struct reply_info* reply);
void glue_read_additional(const struct reply_info* reply, size_t i, const struct saring_sink* sink);
void glue_remove_additional(struct module_qstate* qstate, size_t i);
/* Follows the aliases from a name that lie in the cache, as Unbound will without asking
 * upstream; tells whether the answer at their end lies there too. */
enum saring_end {
    saring_end_elsewhere,
    saring_end_cached,
    saring_end_kept /* an answer of glue_keep */
};
enum saring_end glue_follow_cached(struct module_qstate* qstate, const uint8_t* name, size_t len,
                                   const struct saring_sink* sink);

/* Has a name's message of a type leave the message cache after `ttl` seconds at the latest; TTLs in answers
 * stay as they are, and nobody but a client brings it in anew. */
void glue_shorten_cached(struct module_qstate* qstate, const uint8_t* qname, size_t qname_len, uint16_t qtype,
                         uint32_t ttl);

/* Removes a name's message of a type from the message cache. */
void glue_evict(struct module_qstate* qstate, const uint8_t* qname, size_t qname_len, uint16_t qtype);

/* A client that waits for the query's answer. */
struct saring_client {
    const struct sockaddr_storage* address;
    uint8_t transport; /* saring::Transport's numbers */
};
/* Fills at most `max`; returns how many there are. */
size_t glue_clients(struct module_qstate* qstate, struct saring_client* out, size_t max);
/* Others than clients wait too: queries that need this one as a step, callbacks of Unbound's own. */
int glue_is_shared(struct module_qstate* qstate);
/* Nobody shall join the query from now on, while Unbound has room for more queries. Only where it enters. */
void glue_stay_alone(struct module_qstate* qstate);
/* Clients that are `chosen` leave the query, and each asks again with one of its own, which enters
 * right after `chosen` was asked about it. */
void glue_ask_apart(struct module_qstate* qstate, int (*chosen)(void* self, const struct sockaddr_storage* client),
                    void* self);

/* Starts a sub-query for the same type at another name. 0: out of memory, or it would wait for this query. */
int glue_ask_landing(struct module_qstate* qstate, const uint8_t* name, size_t len, int module_id);
/* Appends the RRsets of that type that the sub-query found behind the reply's own. */
int glue_append_landing(struct module_qstate* qstate, int module_id);

/* Clients that send this EDNS option never share a query in flight with others. Only while loading. */
void glue_keep_apart(struct module_env* env, uint16_t option);
/* An EDNS option of the first client's query; NULL when it sent none. */
const uint8_t* glue_client_option(struct module_qstate* qstate, uint16_t code, size_t* len);

/* Walking the message cache from the module's own thread, a few bins at a time: the
 * hash table's lock is held for `bins` bins (a few entries each at most) and never across calls. */
struct saring_cached {
    const uint8_t* qname;
    size_t qname_len;
    uint16_t qtype, qclass;
    uint32_t hash;
    int kept;       /* by glue_keep, for this order, with this RCODE */
    uint32_t order; /* SARING_NO_ORDER: it is not as it was kept */
    uint16_t rcode;
};
#define SARING_NO_ORDER UINT32_MAX
struct saring_walk {
    size_t slab, bin; /* begin at 0, 0 */
};
/* 0 at the end of the cache. `begin` precedes the sink's calls for each message and says
 * whether its addresses are wanted. What it and the sink are given is lent for the call, or
 * for the message; they are called under locks: they must only look and copy, and not throw. */
int glue_walk_cache(struct module_env* env, struct saring_walk* at, size_t bins,
                    int (*begin)(void* self, const struct saring_cached* message), const struct saring_sink* sink);
void glue_evict_name(struct module_env* env, const uint8_t* qname, size_t qname_len, uint16_t qtype);
/* The same, if it is an answer of glue_keep. */
void glue_evict_kept(struct module_env* env, const uint8_t* qname, size_t qname_len, uint16_t qtype);
void glue_evict_hashed(struct module_env* env, const struct saring_cached* message);
size_t glue_cached_messages(struct module_env* env);

/* Blocked answers in the message cache. Unbound gives them from there without asking any module, and tells
 * saring_kept_answered of each, with locks of the cache held: it must not wait. */

enum saring_keeping {
    saring_may_keep,
    saring_may_not_keep,
    saring_leaves_kept /* to another instance of this module, which stands before it and keeps its own */
};
/* While loading. `why_not` is for a log line. */
enum saring_keeping glue_keeping(struct module_env* env, int module_id, const char** why_not);
/* Keeps the reply that glue_answer has made, an SOA alone, for `life` seconds. Not where Unbound's configuration would
 * serve it longer, nor when memory is short. */
void glue_keep(struct module_qstate* qstate, uint32_t order, uint32_t life);
/* The modules behind met a kept answer in the cache, and took it for one of the network. */
int glue_reply_has_kept(struct module_qstate* qstate);
/* From now on they look nothing up in the message cache for this query. */
void glue_ask_no_cache(struct module_qstate* qstate);
int glue_asks_no_cache(struct module_qstate* qstate);

struct edns_option;
struct regional;
struct saring_kept {
    uint32_t order;
    const uint8_t *qname, *listed; /* wire format; the first in the client's case */
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
/* As glue_add_edns_option. */
int glue_add_kept_option(const struct saring_kept* kept, uint16_t code, const uint8_t* data, size_t len);
/* As glue_client_option. */
const uint8_t* glue_kept_client_option(const struct saring_kept* kept, uint16_t code, size_t* len);

/* Writes the line "saring: IDENTIFIER: text" to Unbound's log, with the message's severity. Any thread. */
void glue_log(enum saring_log_message message, const char* text);

#ifdef __cplusplus
}
#endif
#endif
