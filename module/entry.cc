// The saring_* functions of glue.h. Each catches every exception and returns a safe state:
// an exception must never reach the C caller.
#include <exception>
#include <memory>

#include "build_id.h"
#include "glue.h"
#include "instance.h"
#include "startup.h"

using saring::Instance;

extern "C" void* saring_start(struct module_env* env, const char* chain, int position) {
    try {
        saring::require_built_for_this_unbound();
        auto startup = saring::find_configuration(chain, position);
        saring::remember_configuration(startup);  // sets a variable of the environment: before threads start
        return std::make_unique<Instance>(startup, env, position).release();
    } catch (const std::exception& e) {
        glue_log(SARING_LOAD_REFUSED, e.what());
        return nullptr;
    }
}

extern "C" void saring_stop(void* instance) { delete static_cast<Instance*>(instance); }

extern "C" enum saring_step saring_operate(void* instance, const struct saring_query* query, enum saring_event event) {
    // Instance::operate handles every expected error; what remains is std::bad_alloc.
    try {
        return static_cast<Instance*>(instance)->operate(*query, event);
    } catch (...) { return saring_step_failed; }
}

extern "C" enum saring_storing saring_before_storing(void* instance, const struct saring_query* query,
                                                     const struct reply_info* response) {
    try {
        return static_cast<Instance*>(instance)->before_storing(*query, response);
    } catch (...) { return saring_store_records; }
}

extern "C" size_t saring_memory(void* instance) { return instance ? static_cast<Instance*>(instance)->memory() : 0; }

extern "C" int saring_keeps(void* instance) { return static_cast<Instance*>(instance)->keeps(); }

extern "C" void saring_kept_answered(void* instance, const struct saring_kept* kept) {
    try {
        static_cast<Instance*>(instance)->kept_answered(*kept);
    } catch (...) {  // out of memory: the answer is sent without its extended DNS error
    }
}
