#include "program/session.h"

namespace saring::tool {

void add_feed_commands(CLI::App& app, Session& session) {
    auto* feed = app.add_subcommand("feed", tr("Publish signed orders for every ISP, and check a published feed"));
    feed->require_subcommand(1);
    feed->fallthrough();
    add_feed_publish(*feed, session);
    add_feed_verify(*feed, session);
    add_feed_export(*feed, session);
}

}  // namespace saring::tool
