// TSIG (RFC 8945) for one request and its response messages. libldns signs the request. Its verification checks neither
// key name, algorithm nor time, and does not support up to 99 unsigned messages between signed ones (section 5.3.1); so
// responses are verified here, with libcrypto's HMAC.
#pragma once

#include "base/message.h"
#include "base/time.h"
#include "dns/ldns.h"
#include "transfer/tsig_key.h"

namespace saring::transfer {

class TsigSession {
public:
    TsigSession(const TsigKey& key, const std::string& server) : key_(key), server_(server) {}

    // Signs the request.
    void sign(ldns_pkt* request);
    // Verifies the next message; `packet` is its parsed form. Throws Error(trust) naming the server.
    void check(ByteView wire, const ldns_pkt* packet, UnixTime now);
    // Call after the last message, which must have been signed.
    void finish() const;

private:
    void check_fields(const ldns_rr* tsig, UnixTime now) const;
    [[noreturn]] void refuse(const Message& why, const Message& remedy) const;

    static constexpr unsigned max_unsigned = 99;
    const TsigKey& key_;
    std::string server_;
    Bytes mac_;           // of the preceding signed message
    Bytes since_signed_;  // unsigned messages since then
    unsigned unsigned_ = 0;
    bool first_ = true;
};

}  // namespace saring::transfer
