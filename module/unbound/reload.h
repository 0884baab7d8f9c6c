/* Keeps threads that are not Unbound's out of its caches while it reloads. For this folder only. */
#ifndef SARING_UNBOUND_RELOAD_H
#define SARING_UNBOUND_RELOAD_H

#include "util/module.h"

/* On a worker's thread, before the first query is processed. */
void reload_meet_daemon(const struct module_env* env);

/* On another thread: 0 if Unbound reloads and the caches must not be used; else they stay as they are until
 * reload_leave, which must follow within a millisecond, since the reload waits for it. */
int reload_enter(struct module_env* env);
void reload_leave(struct module_env* env);

/* Between both: the configuration in use. env->cfg is freed before the module is unloaded. */
const struct config_file* reload_config(const struct module_env* env);

#endif
