// The names of a comparison: the names in files, or a sample of the names that either side lists, each with its
// neighbours, where lists and wildcards differ most often.
#pragma once

#include <string>
#include <vector>

#include "migrate/answer_source.h"
#include "probe/reservoir.h"

namespace saring::tool {

struct Candidate {
    OwnerName name;
    std::string from;      // "zone", "database", or the file
    const char* relation;  // "listed", "below", "parent", "sibling"
};

class Names {
public:
    explicit Names(Engine& engine) : engine_(engine) {}
    // Adds every name of a list, in any format of `list import` except rpz. Throws Error(usage).
    void add_file(const std::string& file, Progress& progress);
    void add_sample(const rpz::PolicyZone& zone, std::size_t size);
    // Adds a sample of the names that orders in force list.
    void add_sample(const ledger::Snapshot& snapshot, UnixTime now, std::size_t size);
    // Each name once, in random order, so that the names compared before time runs out are a sample too.
    std::vector<Candidate> finish();

private:
    void add_with_neighbours(const OwnerName& name, const char* from);
    void add_below(const char* label, const OwnerName& name, const char* from, const char* relation);

    Engine& engine_;
    std::vector<Candidate> all_;
};

}  // namespace saring::tool
