// A hit as a dnstap message: CLIENT_QUERY with the policy that was applied to it.
#pragma once

#include <string>

#include "base/bytes.h"
#include "hitlog/hit.h"

namespace saring::dnstap {

// The query message is rebuilt from qname, qtype and class; other bytes of the query were not recorded. The client is
// as stored: a network's address, or absent for a pseudonym. `extra` is a JSON object with database_id and sequence,
// which identify duplicates, and region, asn, action, trigger, serial and the client as text.
Bytes message_of(const std::string& database_id, const hitlog::Hit& hit);

}  // namespace saring::dnstap
