// Reads a policy zone from its file, record by record with memory bounded but for the
// names. Bad records are told with their line and left out; the rest is taken.
#pragma once

#include <istream>
#include <string>
#include <string_view>

#include "base/progress.h"
#include "rpz/collector.h"

namespace saring::rpz {

struct RpzFileOptions {
    // Where relative names begin until $ORIGIN says otherwise, and the zone's apex until
    // its SOA does.
    std::string origin = "rpz.";
    list::Landings landings;
};

// What becomes of a zone's records, in the order of the file.
class RpzSink {
public:
    virtual ~RpzSink() = default;
    // `text` is the record as it stands there. Whether it is more than the zone's own.
    virtual bool record(const ldns_rr* rr, const OwnerName& apex, std::uint64_t line, std::string_view text) = 0;
    virtual void bad(std::uint64_t line, std::string_view text, const Message& why) = 0;
    virtual void serial(std::uint32_t serial) = 0;  // of the SOA
};

// Returns how many lines there were. Throws Error(usage): the origin is no name.
std::uint64_t read_rpz_records(std::istream& in, const std::string& origin, RpzSink& sink, Progress& progress);

// The zone as a list. Throws as above.
RpzContent read_rpz_file(std::istream& in, const RpzFileOptions& options, Progress& progress);

}  // namespace saring::rpz
