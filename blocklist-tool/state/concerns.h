// What keeps an installation from being in order: the reasons that `status` gives in its first line, and
// for which `status --check` ends with exit code 1. Each reason is a function in concerns.cc; add one there.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "ledger/snapshot.h"
#include "output/output.h"

namespace saring::tool {

struct Concern {
    std::string code;  // for programs: "feed.stale"
    Message what;      // one clause, for people: "feed ministry is stale since …"
};

// What a concern may look at. Nothing is read but what stands here.
struct StatusInputs {
    const config::Config& config;
    const ledger::Snapshot& snapshot;
    const Json& feeds;   // of feeds_json
    const Json& lists;   // of lists_json
    const Json& image;   // of image_state
    const Json& module;  // of module_state
    const Json& hits;    // of hits_state_or_error
    UnixTime now;
};

// In the order in which they are told; empty when all is in order.
std::vector<Concern> concerns(const StatusInputs& fared);

// The first line of `status`: "in order: …", or what is not.
// `status`: as status_state() made it.
void print_first_line(const std::vector<Concern>& found, const Json& status, std::uint64_t serial);
Json concerns_json(const std::vector<Concern>& found, Say say = in_english);  // [{"code", "what"}]

}  // namespace saring::tool
