#include "state/list_states.h"

#include <algorithm>

#include "terminal/terminal.h"

namespace saring::tool {
namespace {

// sync renews a list at half of its lifetime, so a list this near to its end has not been renewed.
UnixTime soon(const config::Config& config) {
    return std::min(7 * day_seconds, static_cast<UnixTime>(config.list_lifetime_days) * day_seconds / 4);
}

}  // namespace

Json lists_json(const config::Config& config, const ledger::Snapshot& s, UnixTime now) {
    Json out = Json::array();
    s.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
        if (r.kind != policy::OrderKind::list || r.state(now) == policy::OrderState::revoked) return;
        out.push_back({{"list", r.id},
                       {"names", r.names},
                       {"addresses", r.addresses},
                       {"changed", format_rfc3339(r.issued)},
                       {"renewed", format_rfc3339(r.applied)},
                       {"ends", format_rfc3339(r.expires)},
                       {"ended", now >= r.expires},
                       {"ends_soon", now < r.expires && r.expires - now < soon(config)}});
    });
    return out;
}

void print_list(const Json& l) {
    auto text = [&](const char* member) { return shown(l[member].get<std::string>()); };
    auto number = [&](const char* member) { return l[member].get<std::uint64_t>(); };
    std::string line =
        tr("list       %1: %2 and %3, last changed %4, ", text("list"), trn("%1 name", "%1 names", number("names")),
           trn("%1 address", "%1 addresses", number("addresses")), text("changed"));
    if (l["ended"].get<bool>())
        line += tr("%1 %2: it blocks nothing; import or sync it again", toned(tr("ENDED"), Tone::bad), text("ends"));
    else if (l["ends_soon"].get<bool>())
        line += tr("%1 %2 unless it is imported or synchronised again", toned(tr("ENDS SOON,"), Tone::warning),
                   text("ends"));
    else line += tr("ends %1 unless renewed", text("ends"));
    print(line);
}

std::string list_id(const std::string& text) { return text.rfind("list:", 0) == 0 ? text : "list:" + text; }

std::string feed_of_list(const config::Config& config, const std::string& id) {
    for (const auto& f : config.feeds)
        if ("list:" + f.name == id) return f.name;
    return {};
}

Json feed_json_of_list(const config::Config& config, const std::string& id) {
    auto feed = feed_of_list(config, id);
    return feed.empty() ? Json(nullptr) : Json(feed);
}

Error no_such_list(const std::string& id) {
    return {ErrorKind::not_found, id, msg("is no list in the database"), msg("see: blocklist-tool list show")};
}

}  // namespace saring::tool
