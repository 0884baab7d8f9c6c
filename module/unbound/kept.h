/* Kept answers in Unbound's message cache, see kept.c. For this folder only. */
#ifndef SARING_UNBOUND_KEPT_H
#define SARING_UNBOUND_KEPT_H

#include <stdint.h>

struct comm_point;
struct config_file;
struct module_env;
struct reply_info;

/* While loading. 0: out of memory. */
int kept_start(struct module_env* env, int id);
void kept_stop(struct module_env* env, int id);

/* Whether a cached message is a kept answer, and of which order. It need not be locked, see the head of cache.c. */
int kept_order(const struct reply_info* rep, uint32_t* order);

/* Whether a kept answer has the times that glue_keep gave it (load_cache sets others) and Unbound does not serve it
 * longer. */
int kept_as_stored(const struct config_file* cfg, const struct reply_info* rep);

uint8_t glue_transport(const struct comm_point* c);

#endif
