#include <memory>

#include "base/file.h"
#include "order/order.h"
#include "order/target.h"
#include "output.h"
#include "session.h"

namespace saring::tool {
namespace {

struct Options {
    std::string id, authority, legal_basis, category, issued, effective, expires, deadline, reason_id, reason_en;
    std::string reference, clarification, action, output = "-";
    std::vector<std::string> contact, regions, domains, exact, addresses, revokes;
};

Order build(const Options& o) {
    Order order;
    order.id = o.id;
    order.authority = o.authority;
    order.legal_basis = o.legal_basis;
    order.category = o.category;
    order.issued = o.issued.empty() ? now_unix() : parse_rfc3339(o.issued, "--issued");
    order.effective = o.effective.empty() ? order.issued : parse_rfc3339(o.effective, "--effective");
    order.expires = parse_rfc3339(o.expires, "--expires");
    if (!o.deadline.empty()) order.deadline = parse_rfc3339(o.deadline, "--deadline");
    if (!o.reason_id.empty()) order.reason.emplace_back("id", o.reason_id);
    if (!o.reason_en.empty()) order.reason.emplace_back("en", o.reason_en);
    order.contact = o.contact;
    order.reference = o.reference;
    order.clarification = o.clarification;
    if (!o.action.empty()) order.action = parse_action(o.action, "--action");
    order.regions = o.regions;
    for (const auto& d : o.domains) order.domains.push_back({parse_domain_target(d, "--domain"), Match::subtree});
    for (const auto& d : o.exact) order.domains.push_back({parse_domain_target(d, "--exact"), Match::exact});
    for (const auto& a : o.addresses) order.addresses.push_back(Prefix::parse(a));
    for (const auto& r : o.revokes) {
        auto equals = r.find('=');
        Revocation lifted{r.substr(0, equals), std::nullopt};
        if (equals != std::string::npos) lifted.domain = parse_domain_target(r.substr(equals + 1), "--revoke");
        order.revokes.push_back(lifted);
    }
    return order;
}

}  // namespace

void add_order_new(CLI::App& parent, Session&) {
    auto o = std::make_shared<Options>();
    auto* c = add_command(parent, "new", "Draft an order", [o] {
        Bytes document = format_order(build(*o));
        parse_order(document, "order");  // what it writes it must be able to read
        if (o->output == "-")
            print(document.substr(0, document.size() - 1));
        else
            write_file(o->output, document, 0644, true);
    });
    c->add_option("--id", o->id, "the order's number as issued")->required();
    c->add_option("--authority", o->authority, "who orders")->required();
    c->add_option("--expires", o->expires, "when it ends, RFC 3339")->required()->type_name("TIME");
    c->add_option("--issued", o->issued, "default: now")->type_name("TIME");
    c->add_option("--effective", o->effective, "from when on it holds; default: issued")->type_name("TIME");
    c->add_option("--deadline", o->deadline, "when ISPs must comply")->type_name("TIME");
    c->add_option("--legal-basis", o->legal_basis, "the law it rests on");
    c->add_option("--category", o->category, "e.g. election-hoax");
    c->add_option("--reason-id", o->reason_id, "the reason in Indonesian");
    c->add_option("--reason-en", o->reason_en, "the reason in English");
    c->add_option("--contact", o->contact, "where to object: mailto: or tel: (repeatable)")->type_name("URI");
    c->add_option("--reference", o->reference, "public address of the order")->type_name("URL");
    c->add_option("--clarification", o->clarification, "public address of the debunking of the hoax")->type_name("URL");
    c->add_option("--action", o->action, "nxdomain, nodata, refused, redirect, drop, passthru or log; default: the ISP's");
    c->add_option("--region", o->regions, "ISO 3166-2 code, e.g. ID-JK (repeatable); default: everywhere")->type_name("CODE");
    c->add_option("--domain", o->domains, "block this name and all below it (repeatable)")->type_name("NAME");
    c->add_option("--exact", o->exact, "block this name only (repeatable)")->type_name("NAME");
    c->add_option("--address", o->addresses, "block answers with this address or prefix (repeatable)")->type_name("PREFIX");
    c->add_option("--revoke", o->revokes, "lift an order, or one name of it (repeatable)")->type_name("ID[=NAME]");
    c->add_option("--output", o->output, "file to write; - is standard output")->type_name("FILE")->capture_default_str();
    c->footer("Example: blocklist-tool order new --id B-1/2024 --authority Kominfo --expires 2024-03-01T00:00:00+07:00 \\\n"
              "             --domain hoaks-pemilu.example --output order.json");
}

}  // namespace saring::tool
