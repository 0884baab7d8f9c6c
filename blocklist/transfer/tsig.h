// TSIG (RFC 8945) for one request and the messages that answer it. libldns signs the
// request. Its own check of answers looks neither at key name, algorithm nor time, and
// knows no unsigned messages between signed ones, which section 5.3.1 allows up to 99 of;
// so answers are checked here, with libcrypto's HMAC.
#pragma once

#include "base/message.h"
#include "base/time.h"
#include "dns/ldns.h"
#include "transfer/tsig_key.h"

namespace saring::transfer {

class TsigSession {
public:
    TsigSession(const TsigKey& key, const std::string& server) : key_(key), server_(server) {}

    // Adds the signature to the request.
    void sign(ldns_pkt* request);
    // The next message, in order; `packet` is its parsed form. Throws Error(trust) naming the server.
    void check(ByteView wire, const ldns_pkt* packet, UnixTime now);
    // After the last message: it must have been a signed one.
    void finish() const;

private:
    void check_fields(const ldns_rr* tsig, UnixTime now) const;
    [[noreturn]] void refuse(const Message& why, const Message& remedy) const;

    static constexpr unsigned max_unsigned = 99;
    const TsigKey& key_;
    std::string server_;
    Bytes mac_;           // of the message before
    Bytes since_signed_;  // unsigned messages after it
    unsigned unsigned_ = 0;
    bool first_ = true;
};

}  // namespace saring::transfer
