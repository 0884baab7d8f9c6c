#include "program/session.h"

namespace saring::tool {

void add_hits_commands(CLI::App& app, Session& session) {
    auto* hits =
        app.add_subcommand("hits", tr("The queries that orders refused: look at them, count them, remove them"));
    hits->require_subcommand(1);
    hits->fallthrough();
    add_hits_list(*hits, session);
    add_hits_tail(*hits, session);
    add_hits_top(*hits, session);
    add_hits_histogram(*hits, session);
    add_hits_summary(*hits, session);
    add_hits_report(*hits, session);
    add_hits_purge(*hits, session);
    add_hits_ship(*hits, session);
    add_hits_migrate(*hits, session);
}

}  // namespace saring::tool
