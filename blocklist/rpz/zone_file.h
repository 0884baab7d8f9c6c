// Reads a policy zone from its file record by record; memory is bounded except for the names. Bad records are reported
// with their line and left out; the others are taken.
#pragma once

#include <istream>
#include <string>
#include <string_view>

#include "base/progress.h"
#include "rpz/collector.h"

namespace saring::rpz {

struct RpzFileOptions {
    // Origin of relative names before $ORIGIN, and the zone's apex before its SOA.
    std::string origin = "rpz.";
    list::Landings landings;
};

// Receives a zone's records, in the order of the file.
class RpzSink {
public:
    virtual ~RpzSink() = default;
    // `text` is the record's text. Returns false for the zone's own records.
    virtual bool record(const ldns_rr* rr, const OwnerName& apex, std::uint64_t line, std::string_view text) = 0;
    virtual void bad(std::uint64_t line, std::string_view text, const Message& why) = 0;
    virtual void serial(std::uint32_t serial) = 0;  // of the SOA
};

// Returns the number of lines. Throws Error(usage) when the origin is not a name.
std::uint64_t read_rpz_records(std::istream& in, const std::string& origin, RpzSink& sink, Progress& progress);

// The zone as a list. Throws as read_rpz_records().
RpzContent read_rpz_file(std::istream& in, const RpzFileOptions& options, Progress& progress);

}  // namespace saring::rpz
