#include <memory>

#include "output/output.h"
#include "program/publishing.h"
#include "program/session.h"

namespace saring::tool {
namespace {

void publish(Session& session, bool json) {
    auto done = publish_image(session, session.database());
    const auto folder = session.config().database.image_folder();
    bool written = done.how != image::Publication::How::nothing;
    if (json) return print_json({{"folder", folder}, {"serial", done.serial}, {"written", written}});
    if (!written) return print(tr("%1: serial %2 is already published, nothing changed", shown(folder), done.serial));
    print(tr("%1: serial %2 published", shown(folder), done.serial));
}

}  // namespace

void add_db_publish(CLI::App& db, Session& session) {
    auto json = std::make_shared<bool>(false);
    auto* c = add_command(db, "publish", tr("Publish the image that resolvers load, if it is missing or damaged"),
                          [json, &session] { publish(session, *json); });
    c->add_flag("--json", *json, tr("answer in JSON"));
    c->footer(
        tr("Every command that changes the database publishes the image before it ends. Run this when that failed,\n"
           "or when the image folder was lost. Exit code 0 means that the resolvers on this machine use the image.\n"
           "Example: blocklist-tool db publish"));
}

}  // namespace saring::tool
