#include "program/publishing.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

#include "base/acting_owner.h"
#include "base/hex.h"
#include "output/output.h"
#include "state/module_state.h"

namespace saring::tool {
namespace {

// Between reads of the resolvers' state files. Small orders are in force within milliseconds.
constexpr std::chrono::milliseconds first_pause{2}, longest_pause{50};

// A resolver on this machine that does not use the published image.
struct Behind {
    std::string process, serial;  // serial empty: it has no image
    std::string why;              // as its state file says; empty: unknown
};

std::string word(const Json& j, const char* name) {
    return j.contains(name) && j[name].is_string() ? j[name].get<std::string>() : std::string();
}

std::optional<Behind> behind(const Json& process, const std::string& folder, const image::Publication& wanted) {
    auto state = word(process, "state");
    if (state == "stopped" || state == "silent") return std::nullopt;
    Behind out{process["pid"].dump(), {}, word(process, "why")};
    auto image = process.find("image");
    if (image == process.end() || !image->is_object()) {
        // Its saring.toml cannot be used, or it is of a version without images.
        return state == "failing" ? std::optional(out) : std::nullopt;
    }
    if (word(*image, "folder") != folder) return std::nullopt;
    auto ledger = word(*image, "ledger");
    auto serial = image->value("serial", std::uint64_t{0});
    out.why = word(*image, "refused");
    if (!ledger.empty()) out.serial = std::to_string(serial);
    // A later serial is of another command. With a refusal, the refused image may be ours, older than the resolver's.
    bool new_enough = serial == wanted.serial || (serial > wanted.serial && out.why.empty());
    bool uses_it = ledger == hex(wanted.ledger) && new_enough;
    return uses_it ? std::nullopt : std::optional(out);
}

std::vector<Behind> resolvers_behind(const config::Config& config, const image::Publication& wanted) {
    std::vector<Behind> out;
    const Json state = module_state(config, now_unix());
    for (const auto& process : state["processes"])
        if (auto one = behind(process, config.database.image_folder(), wanted)) out.push_back(*one);
    return out;
}

Error not_in_force(const Behind& b, std::uint64_t serial, unsigned waited) {
    auto what = msg("resolver, process %1", b.process);
    auto why = msg("uses serial %1, %2 s after serial %3 was committed and published", b.serial, waited, serial);
    if (b.serial.empty()) why = msg("uses no image, %1 s after serial %2 was committed and published", waited, serial);
    if (b.why.empty())
        return {ErrorKind::database, what, why, msg("see whether it does later with: blocklist-tool status")};
    return {ErrorKind::database, what, why + ": " + shown(b.why), msg("fix that; then: blocklist-tool db publish")};
}

image::Publication publish_as_owner(Session& session, ledger::Database& database,
                                    const std::vector<Bytes>* names_of_new_lists) {
    const auto& config = session.config().database;
    ActingOwner as(config.path);
    session.image_is_published({});  // after an error do not try again: it is reported once
    auto done = image::publish(database, config.image_folder(), {0, 60, names_of_new_lists, session.begins_anew()});
    session.image_is_published(done);
    return done;
}

}  // namespace

void publish_commits(Session& session) {
    ledger::on_commit([&session](ledger::Database& database, const std::vector<Bytes>* names) {
        try {
            publish_as_owner(session, database, names);
        } catch (const Error& e) {
            throw Error(
                ErrorKind::database, msg("image"),
                msg("the commit is in the database, but not in force in resolvers: %1: %2", e.subject(), e.why()),
                msg("%1; then: blocklist-tool db publish", e.remedy()));
        }
    });
}

image::Publication publish_image(Session& session, const std::shared_ptr<ledger::Database>& database) {
    return publish_as_owner(session, *database, nullptr);
}

void finish_publishing(Session& session) {
    if (session.image_may_be_behind()) publish_image(session, session.database());
    const auto wait = session.published() ? session.config().database.resolver_wait : 0;
    if (wait == 0) return;
    const auto wanted = *session.published();
    using Clock = std::chrono::steady_clock;
    auto end = Clock::now() + std::chrono::seconds(wait);
    auto remaining = resolvers_behind(session.config(), wanted);
    for (auto pause = first_pause; !remaining.empty() && Clock::now() < end;
         pause = std::min(2 * pause, longest_pause)) {
        std::this_thread::sleep_for(pause);
        remaining = resolvers_behind(session.config(), wanted);
    }
    for (const auto& one : remaining) {
        complain("blocklist-tool: " + translated(not_in_force(one, wanted.serial, wait).message()));
        if (session.exit_code == exit_done) session.exit_code = static_cast<int>(ErrorKind::database);
    }
    session.image_is_published({});  // reported once
}

}  // namespace saring::tool
