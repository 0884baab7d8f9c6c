// The [trust] table of saring.toml.
#pragma once

#include "config/toml_table.h"
#include "trust/trust.h"

namespace saring::settings {

config::toml_table::Handler trust_option(trust::TrustPolicy& out);

}  // namespace saring::settings
