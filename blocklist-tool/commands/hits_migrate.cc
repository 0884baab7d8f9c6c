#include "hits/takeover.h"
#include "output/output.h"
#include "program/session.h"

namespace saring::tool {
namespace {

void migrate(Session& session, bool json) {
    const auto& path = session.config().hits.path;
    auto taken = hits::take_over_earlier(path);
    if (json)
        return print_json({{"found", taken.there_was_one},
                           {"hits", taken.hits},
                           {"hours", taken.hours},
                           {"purged", taken.purged},
                           {"damaged", taken.damaged}});
    if (!taken.there_was_one)
        return print(tr("no hits of an earlier version lie in %1: nothing was done", shown(path)));
    print(tr("took over %1 and %2; the database of the earlier version is removed",
             trn("%1 hit", "%1 hits", taken.hits), trn("%1 count by hour", "%1 counts by hour", taken.hours)));
    if (taken.damaged)
        complain(tr("%1 could not be read, and what it held is lost", trn("%1 block", "%1 blocks", taken.damaged)));
}

}  // namespace

void add_hits_migrate(CLI::App& hits, Session& session) {
    auto json = std::make_shared<bool>(false);
    auto* c = add_command(hits, "migrate", tr("Take over the hits of an earlier version, which lie in data.mdb"),
                          [json, &session] { migrate(session, *json); });
    c->add_flag("--json", *json, tr("answer in JSON"));
    c->footer(
        tr("Packages run it when they are upgraded. No resolver of the earlier version may be running. Killed\n"
           "at any moment, it begins anew when it is run again. Consumers of `hits ship` go on where they were.\n"
           "Example: blocklist-tool hits migrate"));
}

}  // namespace saring::tool
