#include "state/concerns.h"

#include "ledger/journal.h"
#include "ledger/quarantine.h"
#include "policy/rehearsal.h"
#include "state/clock_state.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

using Found = std::vector<Concern>;

constexpr UnixTime follow_time = 3;  // seconds; within them the module loads a new image and reports it

std::string text(const Json& j, const char* name) {
    return j.contains(name) && j[name].is_string() ? j[name].get<std::string>() : std::string();
}

void rehearsal(const StatusInputs& f, Found& out) {
    std::uint64_t rehearsed = 0, in_force = 0;
    f.snapshot.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
        if (!r.in_force(f.now)) return;
        ++in_force;
        rehearsed += is_rehearsal(r, f.config.answer.action);
    });
    if (rehearsed)
        out.push_back({"rehearsal", msg("REHEARSAL: %1 of %2 in force block nothing (action log)", rehearsed,
                                        msgn("%1 order", "%1 orders", in_force))});
}

void orders(const StatusInputs& f, Found& out) {
    if (auto held = count_held(f.snapshot.transaction(), f.snapshot.tables(), f.now))
        out.push_back(
            {"quarantine", msgn("%1 target is held for a decision", "%1 targets are held for a decision", held)});
    f.snapshot.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
        bool in_force = r.state(f.now) == policy::OrderState::active || r.state(f.now) == policy::OrderState::upcoming;
        if (in_force && !trust::withstands_revocation(f.config.trust, r.signers, f.now))
            out.push_back({"order.key", msg("order %1 depends on a revoked key", r.id)});
    });
}

void feeds(const StatusInputs& f, Found& out) {
    for (const auto& feed : f.feeds) {
        if (!feed["configured"].get<bool>()) continue;
        std::string name = text(feed, "feed");
        auto refused = feed["withheld"].get<std::uint64_t>();
        if (refused)
            out.push_back({"feed.refused", msg("feed %1: %2 refused", name, msgn("%1 order", "%1 orders", refused))});
        if (feed["stale"].get<bool>())
            out.push_back({"feed.stale", msg("feed %1 is STALE since %2", name, text(feed, "valid_until"))});
        if (feed["last_success"].is_null()) out.push_back({"feed.never", msg("feed %1 was never synchronised", name)});
        else if (auto failures = feed["failures"].get<std::uint64_t>())
            out.push_back(
                {"feed.failing", msgn("feed %2 failed %1 time", "feed %2 failed %1 times in a row", failures, name)});
    }
}

void lists(const StatusInputs& f, Found& out) {
    for (const auto& list : f.lists) {
        if (list["ended"].get<bool>())
            out.push_back(
                {"list.ended", msg("%1 ENDED %2 and blocks nothing", text(list, "list"), text(list, "ends"))});
        else if (list["ends_soon"].get<bool>())
            out.push_back(
                {"list.ending", msg("%1 ends %2 unless it is renewed", text(list, "list"), text(list, "ends"))});
    }
}

void image(const StatusInputs& f, Found& out) {
    if (f.image["serial"].is_null())
        out.push_back({"image.none", msg("resolvers have no image to load: %1", text(f.image, "error"))});
    else if (!f.image["error"].is_null())
        out.push_back({"image.damaged", msg("the image is damaged: %1", text(f.image, "error"))});
    else if (f.image["serial"] != f.snapshot.serial())
        out.push_back(
            {"image.behind", msg("the image has serial %1, the database is at %2: run blocklist-tool db publish",
                                 f.image["serial"].dump(), f.snapshot.serial())});
}

void module(const StatusInputs& f, Found& out) {
    if (std::string state = text(f.module, "state"); state != "ok" && state != "unknown")
        out.push_back({"module." + state, msg("the module is %1: %2", state, text(f.module, "why"))});
    auto last = last_journal(f.snapshot.transaction(), f.snapshot.tables());
    bool settled = !last || f.now - last->time > follow_time;
    for (const auto& one : f.module["processes"]) {
        if (text(one, "state") == "stopped" || text(one, "state") == "silent") continue;
        std::string process = one["pid"].dump();
        if (settled && one.contains("serial") && one["serial"] != f.snapshot.serial())
            out.push_back({"module.serial", msg("process %1 runs serial %2, the database is at %3", process,
                                                one["serial"].dump(), f.snapshot.serial())});
        auto loaded = one.find("configuration");
        if (loaded != one.end() && loaded->is_object() && text(*loaded, "sha256") != f.config.digest)
            out.push_back({"module.configuration", msg("process %1 runs another %2, read %3: reload Unbound", process,
                                                       text(*loaded, "file"), text(*loaded, "loaded"))});
    }
}

void clock(const StatusInputs& f, Found& out) {
    if (auto behind = clock_is_behind(f.snapshot, f.now); !behind.empty())
        out.push_back({"clock", msg("%1: set the clock", behind)});
}

void hits(const StatusInputs& f, Found& out) {
    auto of_module = f.module.find("hits");
    if (of_module != f.module.end() && of_module->is_object() && !text(*of_module, "failing").empty())
        out.push_back({"hits.failing", msg("the module cannot record hits: %1", text(*of_module, "failing"))});
    if (auto damage = f.hits.find("damage"); damage != f.hits.end() && !damage->empty())
        out.push_back({"hits.damaged", msgn("%1 place in the hit log is damaged",
                                            "%1 places in the hit log are damaged", damage->size())});
    if (f.hits.value("unconverted", false))
        out.push_back(
            {"hits.earlier", msg("hits of an earlier version are not migrated; run: blocklist-tool hits migrate")});
}

}  // namespace

std::vector<Concern> concerns(const StatusInputs& inputs) {
    Found out;
    for (auto reason : {rehearsal, feeds, lists, image, module, orders, clock, hits}) reason(inputs, out);
    return out;
}

void print_first_line(const std::vector<Concern>& found, const Json& status, std::uint64_t serial) {
    if (found.empty()) {
        bool unseen = text(status["module"], "state") == "unknown";
        return print(unseen ? tr("status     %1: the database, at serial %2; no module reports here",
                                 toned(tr("in order"), Tone::good), serial)
                            : tr("status     %1: serial %2 is in force", toned(tr("in order"), Tone::good), serial));
    }
    std::string line;
    for (const auto& c : found) line += (line.empty() ? "" : "; ") + shown(translated(c.what));
    print(tr("status     %1: %2", toned(tr("ATTENTION"), Tone::bad), line));
}

Json concerns_json(const std::vector<Concern>& found, Say say) {
    Json out = Json::array();
    for (const auto& c : found) out.push_back({{"code", c.code}, {"what", say(c.what)}});
    return out;
}

}  // namespace saring::tool
