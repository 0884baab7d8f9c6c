// Asks one resolver, as a client of the ISP does, over libldns: UDP, TCP when truncated.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "name/owner_name.h"
#include "net/prefix.h"

struct ldns_struct_resolver;

namespace saring::tool {

struct DnsAnswer {
    unsigned rcode = 0;
    std::size_t answers = 0;
    std::vector<std::string> addresses;  // of A and AAAA records
    std::vector<std::string> aliases;    // targets of CNAME records, without the final dot
    struct Error {
        unsigned code;
        std::string text;
    };
    std::vector<Error> errors;  // extended DNS errors, RFC 8914
};

class DnsClient {
public:
    // "ADDR", "ADDR:PORT" or "[ADDR6]:PORT". Throws Error(usage).
    explicit DnsClient(const std::string& resolver, unsigned timeout_seconds);
    // Nothing when no answer came in time.
    std::optional<DnsAnswer> ask(const OwnerName& name, const std::string& type) const;
    // Whether it answers anything at all.
    bool alive() const;
    const std::string& address() const { return address_; }

private:
    struct Free {
        void operator()(ldns_struct_resolver* r) const;
    };
    std::unique_ptr<ldns_struct_resolver, Free> resolver_;
    std::string address_;
};

}  // namespace saring::tool
