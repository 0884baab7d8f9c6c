#include "hits_view/hits_query.h"

#include "hitlog/client.h"
#include "hits/moment.h"
#include "input/name_argument.h"
#include "output/output.h"

namespace saring::tool {
namespace {

hitlog::Microseconds point(const std::string& text, const char* option, hitlog::Microseconds now, bool by_hour) {
    auto moment = hits::parse_moment(text, option, now);
    return by_hour && moment.is_ago && moment.ago >= hitlog::day_us ? moment.time - moment.time % hitlog::hour_us : moment.time;
}

}  // namespace

const char* const times_help = marked(
    "TIME: 90s, 30m, 2h, 7d, 4w (before now), now, today, yesterday (midnight), 2024-02-14,\n"
    "2024-02-14T07:00, 2024-02-14T07:00+07:00. The zone is display.time_zone, else TZ, else UTC.\n");

void HitsQuery::add_to(CLI::App& c) {
    c.add_option("--order", order, tr("caused by this order"))->type_name("ID");
    c.add_option("--name", name, tr("of this name and all below it, as asked for or as listed"))->type_name("NAME");
    c.add_option("--client", client, tr("from this network, address or pseudonym (~...)"))->type_name("PREFIX");
    c.add_option("--region", region, tr("from this region (ID-JK); unknown: from none that is known"))->type_name("CODE");
    c.add_option("--action", action, tr("met with this action"))->check(CLI::IsMember({"nxdomain", "nodata", "refused", "redirect", "drop", "log"}));
    c.add_option("--instance", instance, tr("of this resolver"))->type_name("NAME");
    c.add_option("--since", since, tr("from this time on"))->type_name("TIME");
    c.add_option("--until", until, tr("before this time"))->type_name("TIME");
}

bool HitsQuery::empty() const {
    return order.empty() && name.empty() && client.empty() && region.empty() && action.empty() && instance.empty() && since.empty() && until.empty();
}

hitlog::HitFilter HitsQuery::filter(hitlog::Microseconds now, bool by_hour) const {
    hitlog::HitFilter f;
    if (!order.empty()) f.order = order;
    if (!name.empty()) f.name = name_argument(name, "--name");
    if (!client.empty()) f.client = hitlog::parse_client(client);
    if (!region.empty()) f.region = region == "unknown" ? "" : region;
    if (!action.empty()) f.action = policy::parse_action(action, "--action");
    if (!instance.empty()) f.instance = instance;
    if (!since.empty()) f.since = point(since, "--since", now, by_hour);
    if (!until.empty()) f.until = point(until, "--until", now, by_hour);
    if (f.since >= f.until)
        throw Error(ErrorKind::usage, "--until", msg("\"%1\" (%2) is not after --since \"%3\"", until, hitlog::format_microseconds(f.until), since),
                    msg("--until is the end of the time looked at, without the moment itself"));
    return f;
}

hits::HitsReader read_hits(Session& session) { return hits::HitsReader(std::make_shared<hits::HitLog>(session.config().hits.path)); }

void report_damage(Session& session, const hits::HitsReader& reader) {
    constexpr std::size_t max_lines = 10;
    auto damage = reader.damage();
    if (damage.empty()) return;
    session.exit_code = static_cast<int>(ErrorKind::database);
    for (std::size_t i = 0; i < std::min(max_lines, damage.size()); ++i) complain(tr("blocklist-tool: %1: %2; what is left was read", shown(damage[i].file), damage[i].message()));
    if (damage.size() > max_lines) complain(tr("blocklist-tool: and %1 more", damage.size() - max_lines));
}

}  // namespace saring::tool
