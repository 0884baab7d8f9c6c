// Asks one resolver, as a client of the ISP does, over libldns: UDP, TCP when truncated.
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
    std::vector<std::string> addresses;                      // of A and AAAA records
    std::vector<std::string> aliases;                        // targets of CNAME records, without the final dot
    bool authoritative = false;                              // the AA bit
    std::vector<std::string> authority_soa, additional_soa;  // owners of SOA records in these sections
    struct Error {
        unsigned code;
        std::string text;
    };
    std::vector<Error> errors;  // extended DNS errors, RFC 8914
};

// "NXDOMAIN, EDE 16 (...)"; foreign text, not yet fit for a terminal.
std::string said(const std::optional<DnsAnswer>& answer);

class DnsClient {
public:
    // "ADDR", "ADDR:PORT" or "[ADDR6]:PORT". Throws Error(usage) that names the option.
    DnsClient(const std::string& resolver, unsigned timeout_seconds, const std::string& option = "--resolver");
    // From now on its questions are no hits, where the module of this machine answers them. Without a key
    // they are a subscriber's like any other.
    void mark_as_probes(std::optional<ProbeKey> key) { probe_key_ = std::move(key); }
    // Nothing when no answer came in time.
    std::optional<DnsAnswer> ask(const OwnerName& name, const std::string& type) const;
    // Its answer to what resolvers answer by themselves (RFC 6761 section 6.3), whatever the
    // internet does meanwhile. Nothing when it is not there.
    std::optional<DnsAnswer> greet() const;
    bool alive() const { return greet().has_value(); }
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
