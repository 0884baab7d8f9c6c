// Which names a comparison asks for: those of files as they are, and a sample of what either
// side lists, each with its neighbours, where lists and wildcards are most often at odds.
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
    // Every name of a list in any format that `list import` takes but rpz. Throws Error(usage).
    void add_file(const std::string& file, Progress& progress);
    void add_sample(const rpz::PolicyZone& zone, std::size_t size);
    // Of names that an order in force lists.
    void add_sample(const ledger::Snapshot& snapshot, UnixTime now, std::size_t size);
    // Each name once, in an order left to chance: what is asked before time runs out is a sample too.
    std::vector<Candidate> finish();

private:
    void add_with_neighbours(const OwnerName& name, const char* from);
    void add_below(const char* label, const OwnerName& name, const char* from, const char* relation);

    Engine& engine_;
    std::vector<Candidate> all_;
};

}  // namespace saring::tool
