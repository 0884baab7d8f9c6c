#include <memory>

#include "landing/build.h"
#include "output.h"
#include "terminal/progress.h"
#include "session.h"

namespace saring::tool {
namespace {

struct Options {
    std::string directory, templates;
    std::vector<std::string> languages{"id", "en"};
    std::uint64_t most_names = LandingOptions{}.most_names;
    bool json = false, quiet = false;
};

void build(Session& session, const Options& o) {
    Templates templates(o.templates, o.languages);
    LandingOptions options;
    options.directory = o.directory;
    options.most_names = o.most_names;
    options.now = now_unix();
    Reading reading(session.database());
    TerminalProgress progress(o.json || o.quiet);
    auto built = build_landing(reading.snapshot, session.config(), templates, options, progress);

    if (!built.lists_left_out.empty()) {
        std::string ids;
        for (const auto& id : built.lists_left_out) ids += (ids.empty() ? "" : ", ") + id;
        complain("note: too many names for the map (--most-names), so these lists' names get the general page: " + ids);
    }
    if (built.unservable) complain("note: " + counted(built.unservable, "name") + " left out that no browser can ask for");
    if (built.valid_until != never) complain("note: an order begins or ends at " + format_rfc3339(built.valid_until) + ": build again then");
    if (o.json)
        return print_json({{"directory", o.directory}, {"serial", reading.snapshot.serial()}, {"languages", o.languages}, {"orders", built.orders},
                           {"lists", built.lists}, {"local", built.local}, {"lines", built.lines}, {"unservable", built.unservable},
                           {"lists_left_out", built.lists_left_out}, {"bytes", built.bytes},
                           {"valid_until", built.valid_until == never ? Json(nullptr) : Json(format_rfc3339(built.valid_until))}});
    print(shown(o.directory) + ": " + counted(built.orders, "order") + ", " + counted(built.lists, "list") + ", " + counted(built.local, "own entry") +
          ", a map of " + counted(built.lines, "line") + "; reload the web server");
}

}  // namespace

void add_landing(CLI::App& app, Session& session) {
    auto* landing = app.add_subcommand("landing", "The page that whoever meets a redirected block sees");
    landing->require_subcommand(1);
    landing->fallthrough();
    auto o = std::make_shared<Options>();
    auto* c = add_command(*landing, "build", "Write the landing site of the orders in force", [o, &session] { build(session, *o); });
    c->add_option("directory", o->directory, "the site, replaced as a whole in one step")->required()->type_name("DIR");
    c->add_option("--templates", o->templates, "page.html, style.css and text.LANGUAGE.html of your own; else the copies in the program")->type_name("DIR");
    c->add_option("--languages", o->languages, "of every page, in this order")->delimiter(',')->default_str("id,en")->type_name("LANGUAGE,...");
    c->add_option("--most-names", o->most_names, "how long the map may get before lists stay out of it")->capture_default_str()->type_name("COUNT");
    c->add_flag("--quiet", o->quiet, "no progress");
    c->add_flag("--json", o->json, "answer in JSON");
    c->footer("A page says who ordered the block and by which order, until when, on what legal ground, where to object, and\n"
              "leads to the order's clarification of the hoax. conf/landing/nginx.conf serves the site by Host; reload nginx\n"
              "after each build. DIR must be absent, empty, or a site that this command made.\n"
              "Only http:// can be led to the page: to an https:// address a browser shows a certificate error and no page,\n"
              "whatever the landing server does. For sites that are https:// only, action nxdomain is the more honest answer.\n"
              "Example: blocklist-tool landing build /srv/landing && nginx -s reload");
}

}  // namespace saring::tool
