#include <filesystem>
#include <memory>

#include "base/acting_owner.h"
#include "landing/build.h"
#include "output/output.h"
#include "program/session.h"
#include "terminal/progress.h"
#include "text/html.h"
#include "text/shown_text.h"

namespace saring::tool {
namespace {

struct LandingOptions {
    std::string directory, templates, isp, contact;
    std::vector<std::string> languages{"id", "en"};
    std::uint64_t most_names = landing::LandingOptions{}.most_names;
    bool json = false, quiet = false;
};

void build_site(Session& session, const LandingOptions& o) {
    landing::Templates templates(o.templates, o.languages);
    landing::LandingOptions options;
    options.directory = o.directory;
    options.most_names = o.most_names;
    options.now = now_unix();
    if (!o.isp.empty()) options.publisher.isp = require_showable(o.isp, "--isp", 200);
    if (!o.contact.empty() && !safe_link(o.contact))
        throw Error(ErrorKind::usage, "--isp-contact", msg("\"%1\" cannot be a link", o.contact),
                    msg("write e.g. mailto:abuse@isp.example, tel:+62-21-5550100 or https://isp.example/help"));
    options.publisher.contact = o.contact;
    Reading reading(session.database());
    TerminalProgress progress(o.json || o.quiet);
    auto built = [&] {
        auto site = std::filesystem::absolute(o.directory).lexically_normal();
        ActingOwner as((site.has_filename() ? site.parent_path() : site.parent_path().parent_path()).string());
        return build_landing(reading.snapshot, session.config(), templates, options, progress);
    }();

    if (!built.lists_left_out.empty()) {
        std::string ids;
        for (const auto& id : built.lists_left_out) ids += (ids.empty() ? "" : ", ") + id;
        complain(
            tr("note: too many names for the map (--most-names), so these lists' names get the general page: %1", ids));
    }
    if (built.unservable)
        complain(
            tr("note: %1 left out, since no browser can request them", trn("%1 name", "%1 names", built.unservable)));
    if (built.valid_until != policy::never)
        complain(tr("note: an order begins or ends at %1: build again then", format_rfc3339(built.valid_until)));
    if (o.json)
        return print_json(
            {{"directory", o.directory},
             {"serial", reading.snapshot.serial()},
             {"languages", o.languages},
             {"orders", built.orders},
             {"lists", built.lists},
             {"local", built.local},
             {"lines", built.lines},
             {"unservable", built.unservable},
             {"lists_left_out", built.lists_left_out},
             {"bytes", built.bytes},
             {"valid_until",
              built.valid_until == policy::never ? Json(nullptr) : Json(format_rfc3339(built.valid_until))}});
    print(tr("%1: %2, %3, %4, a map of %5; reload the web server", shown(o.directory),
             trn("%1 order", "%1 orders", built.orders), trn("%1 list", "%1 lists", built.lists),
             trn("%1 own entry", "%1 own entries", built.local), trn("%1 line", "%1 lines", built.lines)));
}

}  // namespace

void add_landing(CLI::App& app, Session& session) {
    auto* landing = app.add_subcommand("landing", tr("The web page for redirected blocks"));
    landing->require_subcommand(1);
    landing->fallthrough();
    auto o = std::make_shared<LandingOptions>();
    auto* c = add_command(*landing, "build", tr("Build the landing site for the orders in force"),
                          [o, &session] { build_site(session, *o); });
    c->add_option("directory", o->directory, tr("folder of the site, replaced as a whole in one step"))
        ->required()
        ->type_name("DIR");
    c->add_option("--isp", o->isp, tr("the ISP's name, for the pages"))->type_name("NAME");
    c->add_option("--isp-contact", o->contact, tr("its contact: mailto:, tel: or https:"))->type_name("URI");
    c->add_option("--templates", o->templates,
                  tr("folder with your own page.html, style.css and text.LANGUAGE.html; default: built in"))
        ->type_name("DIR");
    c->add_option("--languages", o->languages, tr("languages of every page, in this order"))
        ->delimiter(',')
        ->default_str("id,en")
        ->type_name("LANGUAGE,...");
    c->add_option("--most-names", o->most_names, tr("most names in the map; lists that would exceed it are left out"))
        ->capture_default_str()
        ->type_name("COUNT");
    c->add_flag("--quiet", o->quiet, tr("no progress"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(tr(
        "A page shows who ordered the block, by which order, until when, on what legal basis and where to object, and\n"
        "links to the order's clarification of the hoax. conf/landing/nginx.conf serves the site by Host; reload "
        "nginx\n"
        "after each build. DIR must be absent, empty, or a site that this command built.\n"
        "Only http:// reaches the page: for an https:// address the browser shows a certificate error instead, "
        "whatever\n"
        "the landing server does. For sites that are https:// only, action nxdomain is the more honest answer.\n"
        "saring-landing.path rebuilds the site when orders change, saring-landing.timer when one begins or ends.\n"
        "Example: blocklist-tool landing build /srv/landing --isp 'ISP Uji' && nginx -s reload"));
}

}  // namespace saring::tool
