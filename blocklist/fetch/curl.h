// libcurl, loaded at its first use: its thirty libraries take most of a command's start-up time, and most commands
// fetch nothing.
#pragma once

#include <curl/curl.h>

#include <string>
#include <type_traits>

#include "base/error.h"

namespace saring::fetch {

struct Curl {
    decltype(&curl_easy_init) easy_init;
    decltype(&curl_easy_cleanup) easy_cleanup;
    decltype(&curl_easy_perform) easy_perform;
    decltype(&curl_easy_getinfo) easy_getinfo;
    decltype(&curl_easy_header) easy_header;
    decltype(&curl_easy_escape) easy_escape;
    decltype(&curl_easy_strerror) easy_strerror;
    decltype(&curl_multi_init) multi_init;
    decltype(&curl_multi_cleanup) multi_cleanup;
    decltype(&curl_multi_setopt) multi_setopt;
    decltype(&curl_multi_add_handle) multi_add_handle;
    decltype(&curl_multi_remove_handle) multi_remove_handle;
    decltype(&curl_multi_perform) multi_perform;
    decltype(&curl_multi_poll) multi_poll;
    decltype(&curl_multi_info_read) multi_info_read;
    decltype(&curl_slist_append) slist_append;
    decltype(&curl_slist_free_all) slist_free_all;
    decltype(&curl_url) url;
    decltype(&curl_url_cleanup) url_cleanup;
    decltype(&curl_url_set) url_set;
    decltype(&curl_url_get) url_get;
    decltype(&curl_free) free;
    decltype(&curl_getdate) getdate;

    // libcurl's variable argument must be a long, a curl_off_t or a pointer.
    template <typename Value>
    CURLcode easy_setopt(CURL* handle, CURLoption option, Value value) const {
        static_assert(std::is_same_v<Value, long> || std::is_same_v<Value, curl_off_t> || std::is_pointer_v<Value>);
        return set_option(handle, option, value);
    }

    decltype(&curl_easy_setopt) set_option;
};

// Throws Error(network) when the library or one of these functions is missing. Thread-safe.
const Curl& curl();

// `url`: for the error message. Throws Error(network) when the library is too old for the option.
template <typename Value>
void set_curl_option(CURL* handle, const std::string& url, CURLoption option, Value value) {
    if (curl().easy_setopt(handle, option, value) != CURLE_OK)
        throw Error(ErrorKind::network, url, msg("libcurl lacks option %1", static_cast<int>(option)),
                    msg("install Debian's libcurl4"));
}

}  // namespace saring::fetch
