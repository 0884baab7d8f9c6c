// Service quality as JSON and as lines, and as figures for Prometheus.
#pragma once

#include "config/config.h"
#include "output/exposition.h"
#include "output/output.h"
#include "quality/quality_log.h"
#include "quality/statistics.h"

namespace saring::tool {

Json quality_json(const std::string& control, const ServiceQuality& quality);
Json quality_error_json(const std::string& control, const std::string& error);
// A row for each region that a resolver is said to serve, by code; the readings with their resolvers.
Json quality_regions_json(const std::vector<std::pair<std::string, ServiceQuality>>& readings);

// Of each resolver in quality.control: sums, and the histogram of recursion, from which percentiles over any time are
// made. Returns what was read.
std::vector<QualityReading> quality_metrics(Exposition& out, const config::Config& config);

}  // namespace saring::tool
