// What every connection of ours demands of TLS, whether it fetches or sends.
#pragma once

#include <string>

#include "net/curl.h"

namespace saring {

// TLS 1.2 at least, a certificate that is valid for the host, from `ca_file`'s authorities
// alone where one is named, else the system's. `set(option, value)` sets an option of a handle.
template <typename Set>
void demand_verified_tls(Set set, const std::string& ca_file) {
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (ca_file.empty()) return;
    set(CURLOPT_CAINFO, ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // these and no others
}

}  // namespace saring
