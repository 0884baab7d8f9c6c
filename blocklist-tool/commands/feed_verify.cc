#include <algorithm>
#include <filesystem>
#include <memory>

#include "feed/signed_feed.h"
#include "feed/source.h"
#include "order/revocation.h"
#include "output/output.h"
#include "program/session.h"
#include "terminal/progress.h"

namespace saring::tool {
namespace {

struct FeedVerifyOptions {
    std::string place, ca_file;
    bool insecure_http = false, json = false;
    unsigned timeout = 600;
};

config::FeedConfig feed_at(const FeedVerifyOptions& o) {
    config::FeedConfig feed;
    feed.name = o.place;
    feed.ca_file = o.ca_file;
    feed.insecure_http = o.insecure_http;
    feed.timeout_seconds = o.timeout;
    bool url = o.place.find("://") != std::string::npos;
    feed.url = url ? o.place : "file://" + std::filesystem::absolute(o.place).string();
    return feed;
}

// Lifts that lift nothing, among orders in the feed. A lift of an order that is not in the feed is not checked: that
// order may have been withdrawn.
std::vector<std::pair<std::string, Message>> idle_lifts(const std::vector<order::Order>& orders, UnixTime now) {
    std::vector<std::pair<std::string, Message>> out;
    for (const auto& order : orders)
        for (const auto& r : order.revokes) {
            auto lifted = std::find_if(orders.begin(), orders.end(), [&](const auto& o) { return o.id == r.order; });
            if (lifted == orders.end() || lifted->expires <= now) continue;
            if (auto why = why_nothing_is_lifted(r, *lifted); !why.empty()) out.emplace_back(order.id, why);
        }
    return out;
}

void verify(Session& session, const FeedVerifyOptions& o) {
    UnixTime now = now_unix();
    config::FeedConfig feed = feed_at(o);
    auto transport = fetch::open_transport(feed);
    feed::SignedFeed reader(session.config(), feed, *transport);
    auto found = reader.manifest({}, {}, {}, now);
    const auto& m = found.manifest;
    check_fresh(m, now);
    std::vector<Json> orders(m.orders.size());
    int code = exit_done;
    std::vector<Message> problems(m.orders.size());
    std::vector<order::Order> documents;
    TerminalProgress progress(o.json);
    reader.orders(m.orders, progress, [&](std::size_t i, feed::SignedFeed::Fetched&& got) {
        Json& j = orders[i];
        j = {{"id", m.orders[i].id}, {"path", m.orders[i].file.path},
             {"good", true},         {"signers", nullptr},
             {"expires", nullptr},   {"problem", nullptr}};
        try {
            if (auto* e = std::get_if<Error>(&got)) throw *e;
            auto checked = check_order(session.config(), std::get<admission::Submission>(got), true, now);
            if (checked.order.id != m.orders[i].id)
                throw Error(ErrorKind::trust, m.orders[i].file.path,
                            msg("is order %1, but the manifest says %2", checked.order.id, m.orders[i].id),
                            msg("publish it again"));
            j["signers"] = checked.signers;
            j["expires"] = format_rfc3339(checked.order.expires);
            documents.push_back(checked.order);
        } catch (const Error& e) {
            j["good"] = false;
            j["problem"] = e.what();
            problems[i] = e.message();
            code = feed::more_severe(code, static_cast<int>(e.kind()));
        }
    });
    auto idle = idle_lifts(documents, now);
    if (!idle.empty()) code = feed::more_severe(code, exit_no);
    session.exit_code = code;
    Json lifting_nothing = Json::array();
    for (const auto& [id, why] : idle) lifting_nothing.push_back({{"order", id}, {"why", why.english()}});
    if (o.json)
        return print_json({{"feed", m.name},
                           {"serial", m.serial},
                           {"generated", format_rfc3339(m.generated)},
                           {"valid_until", format_rfc3339(m.valid_until)},
                           {"signer", found.signer},
                           {"good", code == exit_done},
                           {"idle_lifts", lifting_nothing},
                           {"orders", orders}});
    std::size_t bad = 0;
    for (std::size_t i = 0; i < problems.size(); ++i) {
        const Json& j = orders[i];
        bool good = problems[i].empty();
        bad += good ? 0 : 1;
        print((good ? tr("good  ") : tr("BAD   ")) + shown(j["id"].get<std::string>()) + ": " +
              shown(good
                        ? tr("signed by %1, until %2", j["signers"].get<std::string>(), j["expires"].get<std::string>())
                        : translated(problems[i])));
    }
    for (const auto& [id, why] : idle) print(tr("BAD   ") + shown(id) + ": " + shown(tr("lifts nothing: %1", why)));
    print(tr("feed %1: serial %2, signed by %3, valid until %4, %5, %6", m.name, m.serial, shown(found.signer),
             format_rfc3339(m.valid_until), trn("%1 order", "%1 orders", orders.size()),
             bad            ? tr("%1 of them would be refused", bad)
             : idle.empty() ? tr("all good")
                            : trn("%1 lift lifts nothing", "%1 lifts lift nothing", idle.size())));
}

}  // namespace

void add_feed_verify(CLI::App& parent, Session& session) {
    auto o = std::make_shared<FeedVerifyOptions>();
    auto* c = add_command(parent, "verify", tr("Check a whole feed as a client would"),
                          [o, &session] { verify(session, *o); });
    c->add_option("feed", o->place, tr("directory or URL of the feed"))->required()->type_name("DIR|URL");
    c->add_option("--ca-file", o->ca_file, tr("certificate authorities, PEM; default: the system's"))
        ->type_name("FILE");
    c->add_option("--timeout", o->timeout, tr("seconds for the whole check"))
        ->capture_default_str()
        ->check(CLI::Range(1, 86400));
    c->add_flag("--insecure-http", o->insecure_http, tr("allow http to a loopback address"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(tr(
        "Checks signatures, hashes, times and every order, with the keys in saring.toml. Serials that an earlier sync\n"
        "has seen are ignored.\n"
        "Example: blocklist-tool feed verify https://feed.example/orders/"));
}

}  // namespace saring::tool
