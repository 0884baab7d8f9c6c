// libldns for C++: without its macros for bool, true and false, and with owning pointers.
#pragma once

#include <stdbool.h>  // before libldns, which else defines the three, for every header after it too

#include <ldns/ldns.h>

#include <memory>

namespace saring::ldns {

struct Free {
    void operator()(ldns_rdf* p) const { ldns_rdf_deep_free(p); }
    void operator()(ldns_rr* p) const { ldns_rr_free(p); }
    void operator()(ldns_pkt* p) const { ldns_pkt_free(p); }
    void operator()(ldns_buffer* p) const { ldns_buffer_free(p); }
};
using Rdf = std::unique_ptr<ldns_rdf, Free>;
using Rr = std::unique_ptr<ldns_rr, Free>;
using Packet = std::unique_ptr<ldns_pkt, Free>;
using Buffer = std::unique_ptr<ldns_buffer, Free>;

}  // namespace saring::ldns
