// Metrics of module, database, feeds, hits and resolvers in Prometheus' text exposition format.
#pragma once

#include <string>

#include "program/session.h"
#include "quality/quality_log.h"

namespace saring::tool {

// Data that cannot be read sets saring_database_failing and is reported on standard error; other metrics are complete.
// `readings` receives the statistics of the resolvers.
std::string metrics_text(Session& session, UnixTime now, std::vector<QualityReading>* readings = nullptr);

}  // namespace saring::tool
