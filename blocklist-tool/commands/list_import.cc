#include "admission/admit_list.h"
#include "import/list_parse.h"

#include <fstream>
#include <iostream>
#include <memory>

#include "output.h"
#include "quarantine_output.h"
#include "session.h"

namespace saring::tool {
namespace {

constexpr std::int64_t day = 86400;

struct Options {
    std::string source, format, authority = "legacy list", category, action, expires, file;
    bool allow_large = false, json = false;
};

void check_source(const std::string& source) {
    if (source.empty() || source.size() > 64 ||
        source.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != std::string::npos)
        throw Error(ErrorKind::usage, "--source", "\"" + source + "\" is no source name", "use up to 64 letters, digits, '.', '_' and '-'");
}

ListContent read_list(const Options& o) {
    auto format = parse_list_format(o.format);
    if (o.file == "-") return parse_list(std::cin, format);
    std::ifstream in(o.file, std::ios::binary);
    if (!in || in.peek() == std::ifstream::traits_type::eof())
        throw Error(ErrorKind::usage, o.file, "cannot be read, or is empty", "check the path and its permissions");
    return parse_list(in, format);
}

void import(Session& session, const Options& o) {
    check_source(o.source);
    UnixTime now = now_unix();
    std::int64_t lifetime = session.config().list_lifetime_days * day;
    ListInfo info;
    info.source = o.source;
    info.authority = o.authority;
    info.category = o.category;
    if (!o.action.empty()) info.action = parse_action(o.action, "--action");
    info.expires = o.expires.empty() ? now + lifetime : parse_rfc3339(o.expires, "--expires");
    info.renew_below = o.expires.empty() ? lifetime / 2 : 0;
    if (info.expires <= now) throw Error(ErrorKind::refused, "--expires", o.expires + " has passed", "give a time to come");

    ListContent content = read_list(o);
    for (const auto& b : content.bad)
        complain(o.file + ":" + std::to_string(b.line) + ": \"" + b.text + "\": " + b.reason);
    if (content.bad_count > content.bad.size())
        complain(o.file + ": " + std::to_string(content.bad_count - content.bad.size()) + " more bad lines");
    if (content.names.size() == 0)
        throw Error(ErrorKind::usage, o.file, "has no name that can be imported in format " + o.format,
                    "check the file and --format; nothing was changed");

    auto db = session.database_to_write();
    ListAdmission admitted;
    std::uint64_t serial = 0;
    {
        Writer writer(db);
        admitted = admit_list(session.config(), writer, info, content.names, o.allow_large, now);
        if (!admitted.whole) serial = writer.commit(session.commit_info("list import", o.file));
    }
    if (admitted.whole) {
        Writer writer(db);
        hold_list_change(writer, info, content.names, *admitted.whole, session.commit_info("list import", o.file));
        throw Error(ErrorKind::refused, "list:" + o.source, admitted.whole->rule + ": " + admitted.whole->why,
                    "the list stays as it was; look at the file, then: blocklist-tool quarantine release list:" + o.source + ", or import it with --allow-large");
    }
    complain_of_held("list:" + o.source, admitted.held);
    const auto& outcome = admitted.outcome;
    if (outcome.names == 0 && !admitted.held.empty()) session.exit_code = static_cast<int>(ErrorKind::refused);
    if (o.json) {
        Json j{{"order", "list:" + o.source}, {"names", outcome.names}, {"added", outcome.added}, {"removed", outcome.removed},
               {"bad", Json::array()}, {"bad_count", content.bad_count}, {"quarantined", admitted.held.size()}, {"held", held_json(admitted.held)}, {"serial", serial}};
        for (const auto& b : content.bad) j["bad"].push_back({{"line", b.line}, {"text", b.text}, {"reason", b.reason}});
        return print_json(j);
    }
    std::string bad = content.bad_count ? ", " + std::to_string(content.bad_count) + " bad lines left out" : "";
    if (!admitted.held.empty()) bad += ", " + std::to_string(admitted.held.size()) + " quarantined (see: blocklist-tool quarantine list)";
    if (!outcome.changed()) return print("list:" + o.source + ": " + std::to_string(outcome.names) + " names, nothing changed" + bad);
    print("list:" + o.source + ": " + std::to_string(outcome.names) + " names, " + std::to_string(outcome.added) + " added, " +
          std::to_string(outcome.removed) + " removed" + bad + "; serial " + std::to_string(serial) + ", until " + format_rfc3339(info.expires));
}

}  // namespace

void add_list_commands(CLI::App& app, Session& session) {
    auto* list = app.add_subcommand("list", "Legacy lists, each as one order");
    list->require_subcommand(1);
    list->fallthrough();
    auto o = std::make_shared<Options>();
    auto* c = add_command(*list, "import", "Make a list's names exactly those of a file", [o, &session] { import(session, *o); });
    c->add_option("--source", o->source, "the list's name; its order is list:NAME")->required()->type_name("NAME");
    c->add_option("--format", o->format, "hosts or domains")->required();
    c->add_option("--authority", o->authority, "who answers for the list")->capture_default_str();
    c->add_option("--category", o->category, "e.g. election-hoax");
    c->add_option("--action", o->action, "as in an order; default: the ISP's");
    c->add_option("--expires", o->expires, "when it ends unless imported again; default: now + list.lifetime_days")->type_name("TIME");
    c->add_option("file", o->file, "the list; - is standard input")->required()->type_name("FILE");
    c->add_flag("--allow-large", o->allow_large, "accept a change beyond safety.max_list_change_names and _percent");
    c->add_flag("--json", o->json, "answer in JSON");
    c->footer("Bad lines are reported with their number and left out; the rest is imported. Names that\n"
              "are no longer in the file are unblocked. What a safety rule holds back goes into quarantine.\nExample: blocklist-tool list import --source trustpositif --format domains domains.txt");
}

}  // namespace saring::tool
