#include <memory>

#include "explain/explain_name.h"

namespace saring::tool {
namespace {

struct ExplainOptions : ExplainQuery {
    bool json = false;
};

void explain(Session& session, const ExplainOptions& o) {
    auto explained = explain_name(session, o, now_unix());
    const auto& e = explained->explanation;
    session.exit_code = e.decided() ? exit_done : exit_no;
    // Unless no answer is what an order demands.
    if (e.answer && e.answer->kind == AnswerExplained::Kind::silent && e.answer->order.empty())
        session.exit_code = static_cast<int>(ErrorKind::network);
    if (o.json) return print_json(explanation_json(e, explained->then(), explained->reading.snapshot));
    print_explanation(e, explained->then(), explained->reading.snapshot);
}

}  // namespace

void add_explain(CLI::App& app, Session& session) {
    auto o = std::make_shared<ExplainOptions>();
    auto* c = add_command(app, "explain", tr("Show whether a name is blocked, by which order, and why"),
                          [o, &session] { explain(session, *o); });
    c->add_option("name", o->name, tr("name or address; of a URL, the host is used"))->required()->type_name("NAME");
    c->add_option("--type", o->type, tr("query type; orders apply to every type"))->capture_default_str();
    c->add_option("--client", o->client, tr("the client's address"))->type_name("ADDRESS");
    c->add_option("--region", o->regions, tr("the client's region, e.g. ID-JK (repeatable)"))->type_name("CODE");
    c->add_option("--at", o->at, tr("state at this time, from the journal; default: now"))->type_name("TIME");
    c->add_option("--resolver", o->resolver,
                  tr("query this resolver too: shows the answer that subscribers get and its cause"))
        ->type_name("ADDR[:PORT]");
    c->add_option("--timeout", o->timeout, tr("seconds to wait for that answer"))
        ->capture_default_str()
        ->type_name("SECONDS")
        ->check(CLI::Range(1u, 60u));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(
        tr("Exit code 0 if an order decides, 1 if none does, 6 if the resolver does not answer. Without --resolver "
           "only the\n"
           "name itself is looked up, not its aliases and addresses, which may be listed.\n"
           "TIME: 90d (before now), 2024-02-14, RFC 3339.\n"
           "Example: blocklist-tool explain www.hoaks-pemilu.example --at 2024-02-14T07:00:00+07:00"));
}

}  // namespace saring::tool
