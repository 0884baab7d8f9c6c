#include "hits_view/hits_query.h"

#include "hits/client.h"
#include "hits/moment.h"
#include "input/name_argument.h"

namespace saring::tool {
namespace {


hits::Microseconds point(const std::string& text, const char* option, hits::Microseconds now, bool by_hour) {
    auto moment = hits::parse_moment(text, option, now);
    return by_hour && moment.is_ago && moment.ago >= hits::day_us ? moment.time - moment.time % hits::hour_us : moment.time;
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

hits::HitFilter HitsQuery::filter(hits::Microseconds now, bool by_hour) const {
    hits::HitFilter f;
    if (!order.empty()) f.order = order;
    if (!name.empty()) f.name = name_argument(name, "--name");
    if (!client.empty()) f.client = hits::parse_client(client);
    if (!region.empty()) f.region = region == "unknown" ? "" : region;
    if (!action.empty()) f.action = policy::parse_action(action, "--action");
    if (!instance.empty()) f.instance = instance;
    if (!since.empty()) f.since = point(since, "--since", now, by_hour);
    if (!until.empty()) f.until = point(until, "--until", now, by_hour);
    if (f.since >= f.until)
        throw Error(ErrorKind::usage, "--until", msg("\"%1\" (%2) is not after --since \"%3\"", until, hits::format_microseconds(f.until), since),
                    msg("--until is the end of the time looked at, without the moment itself"));
    return f;
}

std::shared_ptr<hits::HitsDatabase> open_hits(Session& session) { return hits::HitsDatabase::open(session.config().hits); }

}  // namespace saring::tool
