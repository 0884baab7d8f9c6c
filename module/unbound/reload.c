/* Unbound reloads on its main thread: it ends the workers, frees the configuration, replaces caches whose size changed,
 * and unloads its modules after that. Nothing is called before, so the watcher's thread has to see by itself what the
 * main thread does (daemon_cleanup and daemon_fork in daemon/daemon.c, 1.17.1 and 1.26.1):
 *
 *   daemon->local_zones = NULL
 *   auth_zones_cleanup(): takes the lock of the authority zones for writing
 *   workers and configuration are deleted, caches replaced
 *   daemon->local_zones is another one
 *   modules are unloaded and loaded
 *
 * With that lock held for reading and local_zones seen set, the main thread can have come no further than the lock.
 * Workers share the lock. */
#include "config.h"

#include "daemon/daemon.h"
#include "daemon/worker.h"
#include "services/authzone.h"

#include "reload.h"

static struct daemon* the_daemon; /* the same as long as the process lives; NULL before its first query */

static const struct daemon* daemon_now(void) { return __atomic_load_n(&the_daemon, __ATOMIC_ACQUIRE); }

void reload_meet_daemon(const struct module_env* env) {
    if (!__atomic_load_n(&the_daemon, __ATOMIC_RELAXED))
        __atomic_store_n(&the_daemon, env->worker->daemon, __ATOMIC_RELEASE);
}

int reload_enter(struct module_env* env) {
    const struct daemon* daemon = daemon_now();
    lock_rw_rdlock(&env->auth_zones->lock);
    if (!daemon || daemon->local_zones) return 1;
    lock_rw_unlock(&env->auth_zones->lock);
    return 0;
}

void reload_leave(struct module_env* env) { lock_rw_unlock(&env->auth_zones->lock); }

const struct config_file* reload_config(const struct module_env* env) {
    const struct daemon* daemon = daemon_now();
    return daemon ? daemon->cfg : env->cfg;
}
