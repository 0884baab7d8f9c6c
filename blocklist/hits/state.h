// State that the tool keeps beside the segments, each in a small file that is replaced as a whole: how far a consumer
// has come, and how many records were purged. No resolver reads them.
#pragma once

#include "hits/reader.h"

namespace saring::hits {

// A destination of hits (hits ship), and up to which hit it has all.
struct Consumer {
    std::string name;
    Position shipped;
};
std::vector<Consumer> consumers(const std::string& folder);  // by name; throw Error(database)
Position shipped(const std::string& folder, const std::string& consumer);
void set_shipped(const std::string& folder, const std::string& consumer, const Position& position);

// Names this log to destinations, whatever runs are in it: made at random when it is asked for first.
std::string log_id(const std::string& folder);
std::string known_log_id(const std::string& folder);  // empty: it was not asked for yet

// Records that purges have removed.
std::uint64_t purged_hits(const std::string& folder);
std::map<std::string, std::uint64_t> purged_by_segment(const std::string& folder);  // by file name
// `removed` in all of that segment. Those of segments that are gone are one sum, but where an earlier one of its run is
// there: missing.h.
void note_purged(const std::string& folder, const std::string& segment, std::uint64_t removed);
// The value that note_purged() last recorded for that segment.
std::uint64_t purged_of(const std::string& folder, const std::string& segment);

}  // namespace saring::hits
