#pragma once

#include "feed/source.h"

namespace saring::feed {

// A response policy zone from a name server, axfr://server[:port]/zone: whole the first
// time, then only what changed, when the server offers that (IXFR).
std::unique_ptr<Source> make_zone_source(const SourceContext& context);

}  // namespace saring::feed
