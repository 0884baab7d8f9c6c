#include "program/publishing.h"

#include <chrono>
#include <thread>

#include "base/acting_owner.h"
#include "output/output.h"
#include "state/module_state.h"

namespace saring::tool {
namespace {

constexpr std::chrono::seconds longest_wait{2};

// A resolver's process on this machine that does not have the serial yet; empty when all do. Processes that say
// nothing of images, or nothing for a while, are not waited for.
std::string process_behind(const config::Config& config, std::uint64_t serial) {
    Json module = module_state(config, now_unix());
    for (const auto& one : module["processes"]) {
        auto image = one.find("image");
        if (image == one.end() || !image->is_object() || image->value("folder", "") != config.database.image_folder()) continue;
        auto state = one.value("state", "");
        if (state == "stopped" || state == "silent" || !image->value("refused", "").empty()) continue;
        if (image->value("serial", std::uint64_t{0}) < serial) return one["pid"].dump();
    }
    return {};
}

image::Publication publish_as_owner(Session& session, ledger::Database& database, const std::vector<Bytes>* names_of_new_lists) {
    const auto& config = session.config().database;
    ActingOwner as(config.path);
    try {
        auto done = image::publish(database, config.image_folder(), {0, 60000, names_of_new_lists});
        session.image_is_published(done.how == image::Publication::How::nothing ? 0 : done.serial);
        return done;
    } catch (const Error& e) {
        session.image_is_published(0);  // it was tried, and the reason is told once
        throw Error(ErrorKind::database, msg("image"), msg("the database has what was committed, resolvers do not: %1: %2", e.subject(), e.why()),
                    msg("%1; then: blocklist-tool db publish", e.remedy()));
    }
}

}  // namespace

void publish_commits(Session& session) {
    ledger::on_commit([&session](ledger::Database& database, const std::vector<Bytes>* names) { publish_as_owner(session, database, names); });
}

image::Publication publish_image(Session& session, const std::shared_ptr<ledger::Database>& database) {
    return publish_as_owner(session, *database, nullptr);
}

void finish_publishing(Session& session) {
    if (session.image_may_be_behind()) publish_image(session, session.database());
    if (session.published_serial() == 0) return;
    std::string behind;
    auto end = std::chrono::steady_clock::now() + longest_wait;
    while (!(behind = process_behind(session.config(), session.published_serial())).empty() && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    if (!behind.empty()) complain("blocklist-tool: " + tr("published, but process %1 does not judge by serial %2 yet; see: blocklist-tool status", behind, session.published_serial()));
}

}  // namespace saring::tool
