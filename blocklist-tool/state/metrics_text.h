// Metrics of module, database, feeds, hits and resolvers in Prometheus' text exposition format.
#pragma once

#include <string>

#include "program/session.h"

namespace saring::tool {

// Data that cannot be read sets saring_database_failing and is reported on standard error; other metrics are complete.
std::string metrics_text(Session& session, UnixTime now);

}  // namespace saring::tool
