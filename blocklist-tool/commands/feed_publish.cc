#include <memory>

#include "base/file.h"
#include "feed/publish.h"
#include "input/secret_key.h"
#include "output/output.h"
#include "program/session.h"

namespace saring::tool {
namespace {

struct FeedPublishOptions {
    feed::PublishRequest request;
    std::string key, password_file;
    unsigned valid_days = 14;
    std::uint64_t serial = 0;
    bool json = false;
};

Json notes_json(const std::vector<Message>& notes) {
    Json out = Json::array();
    for (const auto& note : notes) out.push_back(note.english());
    return out;
}

void publish(Session& session, FeedPublishOptions& o) {
    auto key = read_secret_key(o.key, o.password_file);
    o.request.valid_for = o.valid_days * day_seconds;
    if (o.serial) o.request.serial = o.serial;
    o.request.on_wait = [](const Message& holder) {
        complain("blocklist-tool: " + tr("waiting for the feed: %1 is publishing it", shown(translated(holder))));
    };
    auto out = publish_feed(session.config(), key, o.request, now_unix());
    const auto& m = out.manifest;
    for (const auto& note : out.notes) complain(translated(note));
    Json kept = Json::array();
    for (const auto& [id, lifted] : out.kept) kept.push_back(id);
    if (o.json)
        return print_json({{"feed", m.name},
                           {"serial", m.serial},
                           {"generated", format_rfc3339(m.generated)},
                           {"valid_until", format_rfc3339(m.valid_until)},
                           {"orders", m.orders.size()},
                           {"added", out.added},
                           {"already", out.already},
                           {"withdrawn", out.withdrawn},
                           {"expired", out.expired},
                           {"kept", kept},
                           {"notes", notes_json(out.notes)}});
    auto each = [](const std::vector<std::string>& ids, const std::string& what) {
        for (const auto& id : ids) print(tr("order %1: %2", shown(id), what));
    };
    each(out.added, tr("published"));
    each(out.already, tr("in the feed already"));
    each(out.withdrawn, tr("withdrawn; resolvers that have it keep it until it expires or an order revokes it"));
    each(out.expired, tr("expired, left out"));
    for (const auto& [id, lifted] : out.kept)
        print(tr("order %1: expired, kept: it lifts order %2, which has not ended", shown(id), shown(lifted)));
    print(tr("feed %1: serial %2, %3, valid until %4", m.name, m.serial, trn("%1 order", "%1 orders", m.orders.size()),
             format_rfc3339(m.valid_until)));
}

void add_common(CLI::App& c, FeedPublishOptions& o) {
    c.add_option("--secret-key", o.key,
                 tr("secret key of the feed; its public key is in saring.toml with the role feed"))
        ->required()
        ->type_name("FILE");
    c.add_option("--password-file", o.password_file, tr("read the key's password from this file's first line"))
        ->type_name("FILE");
    c.add_option("--valid-days", o.valid_days,
                 tr("days after which clients refuse the feed unless it is published again"))
        ->capture_default_str()
        ->check(CLI::Range(1, 366));
    c.add_flag("--json", o.json, tr("answer in JSON"));
}

}  // namespace

void add_feed_publish(CLI::App& parent, Session& session) {
    auto o = std::make_shared<FeedPublishOptions>();
    auto* c = add_command(parent, "publish", tr("Add signed orders to a feed, or renew it"),
                          [o, &session] { publish(session, *o); });
    c->add_option("directory", o->request.directory,
                  tr("folder that a web server or CDN serves; created if it does not exist"))
        ->required()
        ->type_name("DIR");
    c->add_option("orders", o->request.add,
                  tr("order files, each with its signature files beside it; none: renew the feed"))
        ->type_name("FILE...");
    c->add_option("--name", o->request.name, tr("name of a new feed; every ISP configures it under this name"))
        ->type_name("NAME");
    c->add_option("--serial", o->serial,
                  tr("serial of this publication, e.g. after the directory was lost; must be higher than any before"))
        ->check(CLI::Range(std::uint64_t{1}, feed::max_feed_serial));
    add_common(*c, *o);
    c->footer(tr(
        "An order is published only with the signatures that saring.toml requires. Readers see the old feed or the "
        "new\n"
        "one, never a mixture, even if this command is interrupted. Expired orders leave the feed; an order that "
        "lifts\n"
        "another one stays until that one has ended. An order with a lift that lifts nothing is refused. To lift an\n"
        "order, publish one that revokes it.\n"
        "Example: blocklist-tool feed publish /srv/feed --name ministry --secret-key feed.key order.json"));

    auto w = std::make_shared<FeedPublishOptions>();
    auto* withdraw = add_command(parent, "withdraw", tr("Remove orders from a feed without lifting them"),
                                 [w, &session] { publish(session, *w); });
    withdraw->add_option("directory", w->request.directory, tr("the feed"))->required()->type_name("DIR");
    withdraw->add_option("id", w->request.withdraw, tr("order ids"))->required()->type_name("ID...");
    add_common(*withdraw, *w);
    withdraw->footer(
        tr("ISPs that have the order keep it until it expires or an order revokes it, and report it as no longer "
           "published.\n"
           "To lift an order, publish one that revokes it. An order that lifts another one cannot be withdrawn until "
           "that\n"
           "one has ended.\n"
           "Example: blocklist-tool feed withdraw /srv/feed B-1/2024 --secret-key feed.key"));
}

}  // namespace saring::tool
