// TLS requirements of every connection that fetches or sends.
#pragma once

#include <string>

#include "fetch/curl.h"

namespace saring::fetch {

// TLS 1.2 or later; a certificate valid for the host, from the authorities in `ca_file` alone if it is set, else from
// the system's. `set(option, value)` sets an option of a handle.
template <typename Set>
void demand_verified_tls(Set set, const std::string& ca_file) {
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (ca_file.empty()) return;
    set(CURLOPT_CAINFO, ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // no others
}

// For authorities that libcurl could not read: those in `ca_file`, configured as `option`, or this machine's.
[[noreturn]] inline void fail_for_authorities(const std::string& ca_file, const std::string& url,
                                              const std::string& reason, const char* option) {
    if (ca_file.empty())
        throw Error(ErrorKind::usage, url, msg("this machine has no certificate authorities to verify it: %1", reason),
                    msg("install the package ca-certificates, or give a PEM file as %1", option));
    throw Error(ErrorKind::usage, ca_file, msg("is not a file of certificate authorities: %1", reason),
                msg("give a PEM file as %1", option));
}

}  // namespace saring::fetch
