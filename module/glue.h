/* The border between Unbound and Saring, in plain C: Unbound's internal headers do
 * not compile as C++, and their structures differ between versions. glue.c is the
 * only file that sees them; everything else of the module sees this header.
 *
 * Unbound calls the entry points in glue.c, they call the saring_* functions that
 * entry.cc defines, and those call back through the glue_* functions below. All
 * pointers are borrowed for the length of the call. */
#ifndef SARING_GLUE_H
#define SARING_GLUE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

struct module_qstate; /* Unbound's, opaque */

/* What a query asks and for whom. */
struct saring_query {
	struct module_qstate* qstate;
	const uint8_t* qname; /* uncompressed wire format, case as queried */
	size_t qname_len;
	uint16_t qtype, qclass;
	int has_client; /* 0: a sub-query, prefetch or priming of Unbound's own */
	const struct sockaddr_storage* client; /* first client waiting; NULL without */
	time_t now; /* seconds since the epoch, by the worker's clock */
};

enum saring_event {
	saring_event_new, /* a query enters the module */
	saring_event_done, /* the modules behind have an answer */
	saring_event_error
};

enum saring_step {
	saring_step_pass_on, /* to the next module */
	saring_step_finished, /* the answer stands */
	saring_step_failed /* SERVFAIL */
};

/* Defined by entry.cc; none lets an exception out. */
/* `chain` is Unbound's module-config, `position` this module's place in it, from 0.
 * NULL: refuse to load; the reason was logged. */
void* saring_start(const char* chain, int position);
void saring_stop(void* instance);
enum saring_step saring_operate(void* instance, const struct saring_query* query, enum saring_event event);
size_t saring_memory(void* instance); /* bytes */

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
/* Sends no reply at all. */
void glue_drop(struct module_qstate* qstate);
/* Adds an EDNS option to the reply; clients without EDNS do not get it. 0: out of memory. */
int glue_add_edns_option(struct module_qstate* qstate, uint16_t code, const uint8_t* data, size_t len);

enum saring_log_level { saring_log_error, saring_log_info };
void glue_log(enum saring_log_level level, const char* text);

#ifdef __cplusplus
}
#endif
#endif
