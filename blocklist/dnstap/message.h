// A hit as a dnstap message: CLIENT_QUERY with the policy that was applied to it.
#pragma once

#include <string>

#include "base/bytes.h"
#include "hitlog/hit.h"

namespace saring::dnstap {

// Name, type and class of the question are in a query message made for the purpose; the query's other octets were not
// recorded. The client is what is stored of it: a network's address, or nothing for a pseudonym. `extra` is a JSON
// object: database_id and sequence, by which a reader drops doubles; region, asn, action, trigger, serial, and the
// client as text.
Bytes message_of(const std::string& database_id, const hitlog::Hit& hit);

}  // namespace saring::dnstap
