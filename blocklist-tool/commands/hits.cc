#include "session.h"

namespace saring::tool {

void add_hits_commands(CLI::App& app, Session& session) {
    auto* hits = app.add_subcommand("hits", "The queries that orders refused: look at them, count them, remove them");
    hits->require_subcommand(1);
    hits->fallthrough();
    add_hits_ship(*hits, session);
}

}  // namespace saring::tool
