#include <memory>

#include "admission/admit.h"
#include "base/file.h"
#include "base/time_text.h"
#include "feed/publish.h"
#include "order/check_new.h"
#include "order/site_table.h"
#include "order/target.h"
#include "output/output.h"
#include "program/session.h"
#include "safety/rules.h"
#include "settings/settings.h"

namespace saring::tool {
namespace {

struct OrderNewOptions {
    std::string id, authority, legal_basis, category, issued, effective, expires, deadline, reason_id, reason_en;
    std::string reference, clarification, action, output = "-";
    std::string sites, sites_column;
    bool skip_bad = false, take_addresses = false;
    std::vector<std::string> contact, regions, domains, exact, addresses, revokes, revokes_below;
    std::string feed;
};

// Only ISPs need the ASN data that shows whether an address is shared; without it the ministry gets a warning.
std::optional<safety::Finding> check_address(const safety::Rules& rules, const Prefix& prefix) {
    auto finding = rules.check(prefix);
    if (!finding || finding->rule != "unknown-network") return finding;
    complain(tr("%1: ISPs without ASN data hold it back: %2", prefix.to_string(), finding->why));
    return std::nullopt;
}

// Reports each row on standard error. Returns the number of refused rows.
std::size_t add_sites(const OrderNewOptions& o, const safety::Rules& rules, order::Order& order) {
    auto table = order::read_site_table(read_file(o.sites), o.sites, o.sites_column);
    std::size_t taken = 0, duplicates = 0, refused = 0;
    for (auto& row : table.rows) {
        if (row.outcome == order::SiteRow::Outcome::taken)
            if (auto finding = row.domain ? rules.check(row.domain->name, row.domain->match)
                                          : check_address(rules, *row.address)) {
                row.outcome = order::SiteRow::Outcome::refused;
                row.problem = finding->rule + ": " + finding->why;
            }
        if (row.outcome == order::SiteRow::Outcome::taken && row.address && !o.take_addresses) {
            row.outcome = order::SiteRow::Outcome::refused;
            row.problem =
                msg("is an address: blocking it blocks every name that resolves to it, whoever owns the name; "
                    "--addresses accepts addresses");
        }
        std::string line = o.sites + ":" + std::to_string(row.line) + ": \"" + row.text.substr(0, 200) + "\"";
        if (row.outcome == order::SiteRow::Outcome::refused) {
            ++refused;
            complain(tr("%1 refused: %2", line, row.problem));
            continue;
        }
        if (row.target() != row.text) line += " -> " + row.target();
        for (std::size_t i = 0; i < row.notes.size(); ++i) line += (i == 0 ? " (" : "; ") + translated(row.notes[i]);
        complain(line + (row.notes.empty() ? "" : ")"));
        if (row.outcome == order::SiteRow::Outcome::duplicate) {
            ++duplicates;
            continue;
        }
        ++taken;
        if (row.domain) order.domains.push_back(*row.domain);
        if (row.address) order.addresses.push_back(*row.address);
    }
    complain(tr("%1: column %2: %3 taken, %4 twice, %5 refused", o.sites, table.column, taken, duplicates, refused));
    return refused;
}

// Refuses targets that every ISP would hold back.
void check_flags(const safety::Rules& rules, const order::Order& order) {
    auto refuse = [](const char* option, const safety::Finding& f) {
        throw Error(ErrorKind::refused, option, f.rule + ": " + f.why, msg("name the site itself"));
    };
    for (const auto& d : order.domains)
        if (auto f = rules.check(d.name, d.match)) refuse(d.match == policy::Match::exact ? "--exact" : "--domain", *f);
    for (const auto& a : order.addresses)
        if (auto f = check_address(rules, a)) refuse("--address", *f);
}

// ID or ID=NAME. An order id may contain "=", a name cannot.
order::Revocation parse_lift(const std::string& text, const char* option, policy::Match match) {
    auto equals = text.rfind('=');
    order::Revocation out{text.substr(0, equals), std::nullopt, match};
    if (equals != std::string::npos) out.domain = order::parse_domain_target(text.substr(equals + 1), option);
    else if (match != policy::Match::exact)
        throw Error(ErrorKind::usage, option, msg("\"%1\" contains no name", text),
                    msg("write ID=NAME; to lift the whole order use --revoke ID"));
    if (out.order.empty())
        throw Error(ErrorKind::usage, option, msg("\"%1\" contains no order id", text), msg("write ID or ID=NAME"));
    return out;
}

order::Order build(const OrderNewOptions& o, const safety::Rules& rules) {
    order::Order order;
    order.id = o.id;
    order.authority = o.authority;
    order.legal_basis = o.legal_basis;
    order.category = o.category;
    UnixTime now = now_unix();
    auto time = [&](const std::string& text, const char* option) {
        return parse_time(text, option, now, TimeDirection::future);
    };
    order.issued = o.issued.empty() ? now : time(o.issued, "--issued");
    order.effective = o.effective.empty() ? order.issued : time(o.effective, "--effective");
    order.expires = time(o.expires, "--expires");
    if (!o.deadline.empty()) order.deadline = time(o.deadline, "--deadline");
    if (!o.reason_id.empty()) order.reason.emplace_back("id", o.reason_id);
    if (!o.reason_en.empty()) order.reason.emplace_back("en", o.reason_en);
    order.contact = o.contact;
    order.reference = o.reference;
    order.clarification = o.clarification;
    if (!o.action.empty()) order.action = policy::parse_action(o.action, "--action");
    order.regions = o.regions;
    for (const auto& d : o.domains)
        order.domains.push_back({order::parse_domain_target(d, "--domain"), policy::Match::subtree});
    for (const auto& d : o.exact)
        order.domains.push_back({order::parse_domain_target(d, "--exact"), policy::Match::exact});
    for (const auto& a : o.addresses) order.addresses.push_back(Prefix::parse(a));
    if (order.action != policy::Action::passthru) check_flags(rules, order);
    if (!o.sites.empty() && add_sites(o, rules, order) > 0 && !o.skip_bad)
        throw Error(ErrorKind::usage, o.sites, msg("has sites that cannot be ordered, see above"),
                    msg("correct them, or leave them out with --skip-bad; no order was written"));
    for (const auto& r : o.revokes) order.revokes.push_back(parse_lift(r, "--revoke", policy::Match::exact));
    for (const auto& r : o.revokes_below)
        order.revokes.push_back(parse_lift(r, "--revoke-below", policy::Match::subtree));
    return order;
}

// Of an order that ISPs would hold back, or wonder at.
void warn(const safety::Rules& rules, const order::Order& order) {
    if (auto whole = rules.screen(order).whole)
        complain(tr("order %1: ISPs hold it back: %2", order.id, whole->rule + ": " + whole->why));
    if (order.deadline && *order.deadline < order.effective)
        complain(tr("order %1: the deadline %2 is before it takes effect, %3", order.id,
                    format_rfc3339(*order.deadline), format_rfc3339(order.effective)));
}

}  // namespace

void add_order_new(CLI::App& parent, Session& session) {
    auto o = std::make_shared<OrderNewOptions>();
    auto* c = add_command(parent, "new", tr("Draft an order"), [o, &session] {
        // Without a configuration, as at the ministry, the shipped rules apply.
        auto config = settings::load_config(config::config_path(session.config_option), session.config_option.empty());
        auto rules = safety::Rules::of(config);
        order::Order order = build(*o, *rules);
        Bytes document = format_order(order);
        // Checks the draft as readers will.
        check_new_order(order::parse_order(document, "order"), "order");
        admission::require_issued(order, now_unix());
        warn(*rules, order);
        if (!o->feed.empty())
            for (const auto& why : feed::lifting_nothing(config, o->feed, order, now_unix()))
                complain(tr("order %1: lifts nothing: %2", order.id, why));
        if (o->output == "-") print(document.substr(0, document.size() - 1));
        else write_file(o->output, document, 0644, true);
    });
    c->add_option("--id", o->id, tr("order id: the number as issued"))->required();
    c->add_option("--authority", o->authority, tr("the authority that orders"))->required();
    c->add_option("--expires", o->expires, tr("when the order ends"))->required()->type_name("TIME");
    c->add_option("--issued", o->issued, tr("default: now"))->type_name("TIME");
    c->add_option("--effective", o->effective, tr("when the order begins; default: issued"))->type_name("TIME");
    c->add_option("--deadline", o->deadline, tr("when ISPs must comply"))->type_name("TIME");
    c->add_option("--legal-basis", o->legal_basis, tr("the legal basis"));
    c->add_option("--category", o->category, tr("e.g. election-hoax"));
    c->add_option("--reason-id", o->reason_id, tr("the reason in Indonesian"));
    c->add_option("--reason-en", o->reason_en, tr("the reason in English"));
    c->add_option("--contact", o->contact, tr("where to object: mailto: or tel: (repeatable)"))->type_name("URI");
    c->add_option("--reference", o->reference, tr("public URL of the order"))->type_name("URL");
    c->add_option("--clarification", o->clarification, tr("public URL of the published correction of the hoax"))
        ->type_name("URL");
    c->add_option("--action", o->action,
                  tr("nxdomain, nodata, refused, redirect, drop, passthru or log; default: the ISP's"))
        ->type_name("ACTION");
    c->add_option("--region", o->regions, tr("ISO 3166-2 code, e.g. ID-JK (repeatable); default: everywhere"))
        ->type_name("CODE");
    c->add_option("--domain", o->domains, tr("block this name and all names below it (repeatable)"))->type_name("NAME");
    c->add_option("--exact", o->exact, tr("block this name only (repeatable)"))->type_name("NAME");
    c->add_option("--address", o->addresses, tr("block answers with this address or prefix (repeatable)"))
        ->type_name("PREFIX");
    c->add_option("--sites", o->sites, tr("CSV or TSV table with one site per row; - is standard input"))
        ->type_name("FILE");
    c->add_option(
         "--sites-column", o->sites_column,
         tr("column with the sites, by heading or number; default: found by heading (domain, url, situs, alamat, ...)"))
        ->type_name("COLUMN");
    c->add_flag("--addresses", o->take_addresses, tr("accept addresses in --sites; otherwise they are refused"));
    c->add_flag("--skip-bad", o->skip_bad, tr("leave out sites that cannot be ordered; otherwise nothing is written"));
    c->add_option("--revoke", o->revokes, tr("lift an order, or one name that it lists (repeatable)"))
        ->type_name("ID[=NAME]");
    c->add_option("--revoke-below", o->revokes_below,
                  tr("lift all that an order lists at and below a name (repeatable)"))
        ->type_name("ID=NAME");
    c->add_option("--feed", o->feed, tr("the feed's directory: report lifts that would lift nothing"))
        ->type_name("DIR");
    c->add_option("--output", o->output, tr("file to write; - is standard output"))
        ->type_name("FILE")
        ->capture_default_str();
    c->footer(tr(
        "Reports each row of --sites on standard error: the resulting target, or why it is refused (a page, a port, a\n"
        "wildcard, a public suffix, a private address). www.hoax.example keeps its www.\n"
        "TIME: 90d (from now), 2024-03-01 (its beginning), or RFC 3339.\n"
        "Example: blocklist-tool order new --id B-1/2024 --authority Kominfo --expires 2024-03-01T00:00:00+07:00 \\\n"
        "             --domain hoaks-pemilu.example --sites situs.csv --output order.json"));
}

}  // namespace saring::tool
