#include "fetch/curl.h"

#include <dlfcn.h>

#include "base/error.h"

// With GCC this is also a macro, whose type checks do not apply to a function pointer.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

namespace saring::fetch {
namespace {

// The soname since 2006; linked programs record it too.
constexpr const char* library = "libcurl.so.4";

[[noreturn]] void absent() {
    const char* why = ::dlerror();
    throw Error(ErrorKind::network, library, msg("cannot be loaded: %1", why ? why : ""),
                msg("install Debian's libcurl4"));
}

template <typename Function>
void find(void* from, const char* name, Function& out) {
    out = reinterpret_cast<Function>(::dlsym(from, name));
    if (!out) absent();
}

Curl load() {
    void* from = ::dlopen(library, RTLD_NOW | RTLD_LOCAL);  // never closed
    if (!from) absent();
    Curl c{};
#define SARING_FIND(name) find(from, "curl_" #name, c.name)
    SARING_FIND(easy_init);
    SARING_FIND(easy_cleanup);
    SARING_FIND(easy_perform);
    SARING_FIND(easy_getinfo);
    SARING_FIND(easy_header);
    SARING_FIND(easy_escape);
    SARING_FIND(easy_strerror);
    SARING_FIND(multi_init);
    SARING_FIND(multi_cleanup);
    SARING_FIND(multi_setopt);
    SARING_FIND(multi_add_handle);
    SARING_FIND(multi_remove_handle);
    SARING_FIND(multi_perform);
    SARING_FIND(multi_poll);
    SARING_FIND(multi_info_read);
    SARING_FIND(slist_append);
    SARING_FIND(slist_free_all);
    SARING_FIND(url);
    SARING_FIND(url_cleanup);
    SARING_FIND(url_set);
    SARING_FIND(url_get);
    SARING_FIND(free);
    SARING_FIND(getdate);
#undef SARING_FIND
    find(from, "curl_easy_setopt", c.set_option);
    decltype(&curl_global_init) start = nullptr;
    find(from, "curl_global_init", start);
    if (start(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        throw Error(ErrorKind::network, library, msg("cannot be set up"), msg("check the installation"));
    return c;
}

}  // namespace

const Curl& curl() {
    static const Curl loaded = load();
    return loaded;
}

}  // namespace saring::fetch
