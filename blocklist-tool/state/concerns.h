// Reasons why an installation is not in order: `status` prints them in its first line, and `status --check` ends with
// exit code 1 for them. Each reason is a function in concerns.cc; add new ones there.
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

// The inputs of all concerns; they read nothing else.
struct StatusInputs {
    const config::Config& config;
    const ledger::Snapshot& snapshot;
    const Json& feeds;   // from feeds_json
    const Json& lists;   // from lists_json
    const Json& image;   // from image_state
    const Json& module;  // from module_state
    const Json& hits;    // from hits_state_or_error
    UnixTime now;
};

// In the order in which they are printed; empty if all is in order.
std::vector<Concern> concerns(const StatusInputs& inputs);

// Prints the first line of `status`: "in order: …", or the concerns. `status`: from status_state().
void print_first_line(const std::vector<Concern>& found, const Json& status, std::uint64_t serial);
Json concerns_json(const std::vector<Concern>& found, Say say = in_english);  // [{"code", "what"}]

}  // namespace saring::tool
