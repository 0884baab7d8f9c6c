#include "hits_view/hits_query.h"

#include <strings.h>

#include <cstdlib>

#include "dns/ldns.h"
#include "geo/region_codes.h"
#include "hitlog/client.h"
#include "hits/time_expression.h"
#include "hits_view/find_word.h"
#include "input/name_argument.h"
#include "output/output.h"

namespace saring::tool {
namespace {

hitlog::Microseconds point(const std::string& text, const char* option, hitlog::Microseconds now, bool by_hour) {
    auto moment = hits::parse_moment(text, option, now);
    return by_hour && moment.is_ago && moment.ago >= hitlog::day_us ? moment.time - moment.time % hitlog::hour_us
                                                                    : moment.time;
}

}  // namespace

const char* const times_help = marked(
    "TIME: 90s, 30m, 2h, 7d, 4w (before now), now, today, yesterday (midnight), 2024-02-14,\n"
    "2024-02-14T07:00, 2024-02-14T07:00+07:00. The zone is display.time_zone, else TZ, else UTC.\n");

std::vector<std::pair<const char*, std::string*>> HitsQuery::fields() {
    return {{"order", &order}, {"authority", &authority}, {"category", &category}, {"name", &name},
            {"match", &match}, {"client", &client},       {"region", &region},     {"action", &action},
            {"type", &type},   {"transport", &transport}, {"trigger", &trigger},   {"instance", &instance},
            {"since", &since}, {"until", &until}};
}

void HitsQuery::add_to(CLI::App& c) {
    c.add_option("--order", order, tr("caused by this order"))->type_name("ID");
    c.add_option("--authority", authority, tr("caused by an order of this authority"))->type_name("NAME");
    c.add_option("--category", category, tr("caused by an order of this category"))->type_name("NAME");
    c.add_option("--name", name, tr("of this name and all below it, as asked for or as listed"))->type_name("NAME");
    c.add_option("--match", match,
                 tr("of names, as asked for or as listed, that a pattern with * and ? fits; without either: that hold "
                    "this text"))
        ->type_name("GLOB");
    c.add_option("--client", client, tr("from this network, address or pseudonym (~...)"))->type_name("PREFIX");
    c.add_option("--region", region, tr("from this region (ID-JK); unknown: from none that is known"))
        ->type_name("CODE");
    c.add_option("--action", action, tr("met with this action"))
        ->check(CLI::IsMember({"nxdomain", "nodata", "refused", "redirect", "drop", "log"}));
    c.add_option("--type", type, tr("asked for this type: A, AAAA, HTTPS, TYPE65"))->type_name("TYPE");
    c.add_option("--transport", transport, tr("asked over this transport"))
        ->check(CLI::IsMember({"udp", "tcp", "dot", "doh", "doq", "other"}));
    c.add_option("--trigger", trigger, tr("for what matched: the name asked for, an alias's target, an address"))
        ->check(CLI::IsMember({"qname", "cname", "address"}));
    c.add_option("--instance", instance, tr("of this resolver"))->type_name("NAME");
    c.add_option("--since", since, tr("from this time on"))->type_name("TIME");
    c.add_option("--until", until, tr("before this time"))->type_name("TIME");
}

bool HitsQuery::empty() const {
    for (auto [ignored, text] : HitsQuery(*this).fields())
        if (!text->empty()) return false;
    return true;
}

HitsQuery HitsQuery::without_times() const {
    auto out = *this;
    out.since.clear();
    out.until.clear();
    return out;
}

namespace {

// Ids of the orders that are of both, as far as they are asked for.
std::set<std::string> orders_of(const ledger::Snapshot& s, const std::string& authority, const std::string& category) {
    std::set<std::string> out;
    s.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
        if ((authority.empty() || r.authority == authority) && (category.empty() || r.category == category))
            out.insert(r.id);
    });
    return out;
}

template <typename T>
T word_of(const std::string& text, const char* option, T last) {
    if (auto value = find_word(text, last)) return *value;
    std::string all;
    for (unsigned i = 0; i <= static_cast<unsigned>(last); ++i)
        all += std::string(i ? ", " : "") + to_string(static_cast<T>(i));
    throw Error(ErrorKind::usage, option, msg("\"%1\" is none of them", text), msg("write one of: %1", all));
}

std::uint16_t qtype_of(const std::string& text) {
    auto type = ldns_get_rr_type_by_name(text.c_str());
    // ldns takes TYPE99999 for a number of 16 bits.
    bool too_great = text.size() > 4 && ::strncasecmp(text.c_str(), "TYPE", 4) == 0 &&
                     (text.size() > 9 || std::strtoul(text.c_str() + 4, nullptr, 10) > 0xffff);
    if (type == 0 || too_great)
        throw Error(ErrorKind::usage, "--type", msg("\"%1\" is no query type", text),
                    msg("write e.g. A, AAAA, HTTPS or TYPE65"));
    return static_cast<std::uint16_t>(type);
}

}  // namespace

hitlog::HitFilter HitsQuery::filter(Session& session, hitlog::Microseconds now, bool by_hour) const {
    hitlog::HitFilter f;
    if (!order.empty()) f.order = order;
    if (!authority.empty() || !category.empty())
        f.among = orders_of(Reading(session.database()).snapshot, authority, category);
    if (!name.empty()) f.name = name_argument(name, "--name");
    if (!match.empty()) f.match = NameGlob::parse(match, "--match");
    if (!client.empty()) f.client = hitlog::parse_client(client);
    if (!region.empty()) f.region = region == "unknown" ? "" : region;
    if (!action.empty()) f.action = policy::parse_action(action, "--action");
    if (!type.empty()) f.qtype = qtype_of(type);
    if (!transport.empty()) f.transport = word_of(transport, "--transport", hitlog::last_transport);
    if (!trigger.empty()) f.trigger = word_of(trigger, "--trigger", policy::Trigger::address);
    if (!instance.empty()) f.instance = instance;
    if (!since.empty()) f.since = point(since, "--since", now, by_hour);
    if (!until.empty()) f.until = point(until, "--until", now, by_hour);
    if (f.since >= f.until)
        throw Error(ErrorKind::usage, "--until",
                    msg("\"%1\" (%2) is not after --since \"%3\"", until, hitlog::format_microseconds(f.until), since),
                    msg("--until is the end of the time looked at, without the moment itself"));
    return f;
}

namespace {

std::string known_values(const std::set<std::string>& values) {
    constexpr std::size_t most = 10;
    std::string out;
    std::size_t n = 0;
    for (const auto& value : values) {
        if (n++ == most) return out + ", ...";
        out += (out.empty() ? "" : ", ") + value;
    }
    return out;
}

void why_no_orders(const ledger::Snapshot& s, const HitsQuery& q, std::vector<Message>& out) {
    if (!q.order.empty() && !s.find_order(q.order)) out.push_back(msg("order \"%1\" is not in the ledger", q.order));
    std::set<std::string> authorities, categories;
    s.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
        authorities.insert(r.authority);
        if (!r.category.empty()) categories.insert(r.category);
    });
    if (!q.authority.empty() && !authorities.count(q.authority))
        out.push_back(msg("no order in the ledger is of the authority \"%1\"; there are: %2", q.authority,
                          known_values(authorities)));
    if (!q.category.empty() && !categories.count(q.category))
        out.push_back(msg("no order in the ledger is of the category \"%1\"; there are: %2", q.category,
                          known_values(categories)));
    if (out.empty() && !q.order.empty() && !(q.authority + q.category).empty() &&
        !orders_of(s, q.authority, q.category).count(q.order))
        out.push_back(msg("order \"%1\" is not of that authority and category", q.order));
}

}  // namespace

std::vector<Message> why_none(Session& session, const HitsQuery& q, const hits::HitsReader& reader) {
    std::vector<Message> out;
    if (!(q.order + q.authority + q.category).empty()) {
        try {
            why_no_orders(Reading(session.database()).snapshot, q, out);
        } catch (const Error&) {  // hits can be read without the database
        }
    }
    std::set<std::string> instances;
    auto summary = reader.summary();
    for (const auto& i : summary.instances) instances.insert(i.instance);
    if (!q.instance.empty() && !instances.count(q.instance))
        out.push_back(msg("no hits are of the resolver \"%1\"; there are: %2", q.instance, known_values(instances)));
    if (!q.region.empty() && q.region != "unknown" && geo::province_name(q.region).empty())
        out.push_back(msg("\"%1\" is not a region of Indonesia (ISO 3166-2:ID); write e.g. %2", q.region,
                          geo::codes_near(q.region)));
    if (!q.since.empty() && point(q.since, "--since", hitlog::now_microseconds(), false) > hitlog::now_microseconds())
        out.push_back(msg("--since \"%1\" lies ahead", q.since));
    if (!q.client.empty() && session.config().hits.client == config::ClientPrivacy::none)
        out.push_back(msg("nothing of clients is recorded (hits.client)"));
    if (!q.until.empty() && summary.oldest &&
        point(q.until, "--until", hitlog::now_microseconds(), false) <= summary.oldest)
        out.push_back(msg("records go back to %1 only", hitlog::format_microseconds(summary.oldest)));
    return out;
}

void tell_none(Session& session, const HitsQuery& query, const hits::HitsReader& reader) {
    session.exit_code = exit_no;
    for (const auto& why : why_none(session, query, reader)) complain(tr("note: %1", translated(why)));
}

hits::HitsReader read_hits(Session& session) {
    return hits::HitsReader(std::make_shared<hits::HitLog>(session.config().hits.path));
}

void report_damage(Session& session, const hits::HitsReader& reader) {
    constexpr std::size_t max_lines = 10;
    auto damage = reader.damage();
    if (damage.empty()) return;
    session.exit_code = static_cast<int>(ErrorKind::database);
    for (std::size_t i = 0; i < std::min(max_lines, damage.size()); ++i)
        complain(tr("blocklist-tool: %1: %2; what is left was read", shown(damage[i].file), damage[i].message()));
    if (damage.size() > max_lines) complain(tr("blocklist-tool: and %1 more", damage.size() - max_lines));
}

}  // namespace saring::tool
