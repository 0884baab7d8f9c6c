// Queries one resolver as the ISP's clients do, with libldns: UDP, then TCP if truncated.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/probe_key.h"
#include "name/owner_name.h"
#include "net/prefix.h"

struct ldns_struct_resolver;

namespace saring::tool {

constexpr unsigned ede_blocked = 15, ede_censored = 16, ede_filtered = 17;  // RFC 8914
constexpr unsigned rcode_refused = 5;

struct DnsAnswer {
    unsigned rcode = 0;
    std::size_t answers = 0;
    std::vector<std::string> addresses;                      // from A and AAAA records
    std::vector<std::string> aliases;                        // targets of CNAME records, without the final dot
    bool authoritative = false;                              // the AA bit
    std::vector<std::string> authority_soa, additional_soa;  // owners of SOA records in these sections
    struct Error {
        unsigned code;
        std::string text;
    };
    std::vector<Error> errors;  // extended DNS errors, RFC 8914
};

// "NXDOMAIN, EDE 16 (...)"; untrusted text, to be passed through shown().
std::string said(const std::optional<DnsAnswer>& answer);

class DnsClient {
public:
    // "ADDR", "ADDR:PORT" or "[ADDR6]:PORT". Throws Error(usage) that names the option.
    DnsClient(const std::string& resolver, unsigned timeout_seconds, const std::string& option = "--resolver");
    // From now on the module of this machine does not record these queries as hits. Without a key they count as queries
    // of a subscriber.
    void mark_as_probes(std::optional<ProbeKey> key) { probe_key_ = std::move(key); }
    // Nothing if no answer came in time.
    std::optional<DnsAnswer> ask(const OwnerName& name, const std::string& type) const;
    // The answer for localhost, which resolvers give without the internet (RFC 6761 section 6.3). Nothing if the
    // resolver does not answer.
    std::optional<DnsAnswer> ask_localhost() const;
    bool alive() const { return ask_localhost().has_value(); }
    const std::string& address() const { return address_; }

private:
    struct Free {
        void operator()(ldns_struct_resolver* r) const;
    };
    std::unique_ptr<ldns_struct_resolver, Free> resolver_;
    std::string address_;
    std::optional<ProbeKey> probe_key_;
};

}  // namespace saring::tool
