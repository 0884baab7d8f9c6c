#pragma once

#include "feed/source.h"

namespace saring::feed {

// A response policy zone from a name server, axfr://server[:port]/zone: the whole zone at first (RFC 5936), then only
// changes, if the server offers them (IXFR, RFC 1995).
std::unique_ptr<Source> make_zone_source(const SourceContext& context);

}  // namespace saring::feed
