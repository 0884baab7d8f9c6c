// Whether an order's signatures suffice, and who could still sign it.
#pragma once

#include "output/output.h"
#include "trust/trust.h"

namespace saring::tool {

// Adds "missing", the number of signatures, and "may_sign", the keys that have not signed.
void add_missing_signatures(Json& j, const trust::TrustPolicy& policy, const trust::TrustReport& report, UnixTime now);
void print_sufficiency(const trust::TrustPolicy& policy, const trust::TrustReport& report, UnixTime now);

}  // namespace saring::tool
