// Reads a policy zone from its file, record by record with memory bounded but for the
// names. Bad records are told with their line and left out; the rest is taken.
#pragma once

#include <istream>
#include <string>

#include "base/progress.h"
#include "rpz/collector.h"

namespace saring {

struct RpzFileOptions {
    // Where relative names begin until $ORIGIN says otherwise, and the zone's apex until
    // its SOA does.
    std::string origin = "rpz.";
    Landings landings;
};

// Throws Error(usage): the file cannot be read to its end, or the origin is no name.
RpzContent read_rpz_file(std::istream& in, const RpzFileOptions& options, Progress& progress);

}  // namespace saring
