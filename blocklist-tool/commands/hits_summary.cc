#include <memory>

#include "hits_view/hits_state.h"

namespace saring::tool {
namespace {

std::string mib_text(const Json& octets) {
    auto tenths = octets.get<std::uint64_t>() * 10 >> 20;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MiB";
}

std::string text_or(const Json& value, const char* otherwise) {
    return value.is_null() ? otherwise : shown(value.get<std::string>());
}

void summary(Session& session, bool json) {
    Json j = hits_state(session, true);
    if (!j["damage"].empty()) session.exit_code = static_cast<int>(ErrorKind::database);
    if (json) return print_json(j);
    print(tr("hit log    %1", shown(j["path"].get<std::string>())));
    std::string missing = j["missing"] == 0 ? "" : tr(", %1 missing", j["missing"].dump());
    print(tr("records    %1 kept, %2 expired, %3 purged%4, of %5 recorded", j["kept"].dump(), j["expired"].dump(),
             j["purged"].dump(), missing, j["recorded"].dump()));
    print(tr("from       %1", text_or(j["oldest"], "-")));
    print(tr("to         %1", text_or(j["newest"], "-")));
    print(tr("by hour    %1 to %2", text_or(j["hours_from"], "-"), text_or(j["hours_to"], "-")));
    print(tr("dropped    %1%2", j["dropped"].dump(),
             j["dropped"] == 0 ? "" : tr(" counted by hour, but not recorded: queue or disk full")));
    print(tr("size       %1 of at most %2", mib_text(j["bytes"]), mib_text(j["max_bytes"])));
    print_hits_trouble(j);
    std::vector<std::vector<std::string>> rows;
    for (const auto& i : j["instances"])
        rows.push_back({shown(i["instance"].get<std::string>()), i["recorded"].dump(), i["dropped"].dump(),
                        i["uncounted"].dump(), text_or(i["last"], "-")});
    if (!rows.empty()) {
        print("");
        print_table({tr("INSTANCE"), tr("RECORDED"), tr("DROPPED"), tr("UNCOUNTED"), tr("LAST")}, rows);
    }
    rows.clear();
    for (const auto& c : j["consumers"])
        rows.push_back({shown(c["consumer"].get<std::string>()), c["sequence"].dump(), c["behind"].dump()});
    if (rows.empty()) return;
    print("");
    print_table({tr("SHIPPED TO"), tr("UP TO"), tr("BEHIND")}, rows);
}

}  // namespace

void add_hits_summary(CLI::App& hits, Session& session) {
    auto json = std::make_shared<bool>(false);
    auto* c =
        add_command(hits, "summary", tr("Say how many hits there are, since when, from whom, and what is missing"),
                    [json, &session] { summary(session, *json); });
    c->add_flag("--json", *json, tr("answer in JSON"));
    c->footer(
        tr("Kept, expired, purged and missing records are together what was recorded. Missing ones were lost with\n"
           "a file that was removed or cut short; exit code 5 then, as for damage: all files are checked. Dropped\n"
           "hits have no record but are in the counts by hour; of these, uncounted ones lack their name or order.\n"
           "Example: blocklist-tool hits summary"));
}

}  // namespace saring::tool
