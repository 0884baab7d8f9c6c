#include <memory>

#include "console/console.h"
#include "console/server.h"
#include "program/until_stopped.h"
#include "quality/recorder.h"

namespace saring::tool {
namespace {

struct ConsoleOptions {
    std::string listen, token_file;
    bool fleet = false;
};

void serve(Session& session, const ConsoleOptions& o) {
    auto config = session.config();
    if (!o.listen.empty()) config.console.listen = o.listen;
    if (!o.token_file.empty()) config.console.token_file = o.token_file;
    config.console.fleet |= o.fleet;
    session.use(config);
    UntilStopped until;  // before there are threads, which inherit what it blocks
    auto inherited = o.listen.empty() ? console::inherited_socket() : std::nullopt;
    auto where = inherited ? inherited->address : console::parse_listen(config.console.listen);
    console::Live live(config.hits.path, config.console.max_viewers);
    QualityRecorder quality(config.quality);
    console::Console console(session, where, live, quality);
    auto socket = inherited ? std::make_unique<console::ListeningSocket>(*inherited)
                            : std::make_unique<console::ListeningSocket>(where, config.console.socket_mode);
    auto told = tr("listens on %1", socket->url());
    offer_languages();  // from here on each thread says which one it speaks; also before there are threads
    quality.start();
    console::Server server(
        socket->release(), {}, [&](const console::Request& request) { return console.answer(request); },
        [&](const std::function<bool()>& is_over) { return console.prepare(is_over); });
    print(told);
    while (until.wait(60'000)) {}
    live.stop();  // first: it wakes connections that the server ends
}

}  // namespace

void add_console(CLI::App& app, Session& session) {
    auto o = std::make_shared<ConsoleOptions>();
    auto* c = add_command(app, "console", tr("Serve a read-only web page of orders, hits and state, and /metrics"),
                          [o, &session] { serve(session, *o); });
    c->add_option("--listen", o->listen, tr("unix:PATH or ADDRESS:PORT; default: console.listen"))->type_name("WHERE");
    c->add_option("--token-file", o->token_file,
                  tr("file whose first line is asked for as password or bearer token; default: console.token_file"))
        ->type_name("FILE");
    c->add_flag("--fleet", o->fleet, tr("show hits of all resolvers that ship to the ClickHouse server of [ship]"));
    c->footer(
        tr("Shows what the commands say, and writes nothing but an access log. It listens on a unix socket, to which a "
           "web\n"
           "server brings TLS and people's names (conf/console); on another address only with a token. Ends with "
           "SIGTERM.\n"
           "Example: blocklist-tool console --listen 127.0.0.1:8080"));
}

}  // namespace saring::tool
