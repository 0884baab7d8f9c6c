#include "config/config.h"

#include <cstdlib>

#include "base/sha256.h"
#include "config/config_document.h"
#include "config/config_text.h"
#include "config/hits_option.h"
#include "config/toml_non_ascii.h"

namespace saring::config {
namespace {

using namespace toml_table;

// Tables that only the tool reads (settings/settings.h). The resolver ignores them: a mistake in one must not stop a
// DNS server.
constexpr const char* tool_tables[] = {"trust",  "feed",  "ship",    "console", "quality",
                                       "safety", "local", "display", "list"};

}  // namespace

std::string config_path(const std::string& given) {
    if (!given.empty()) return given;
    if (const char* environment = std::getenv("SARING_CONFIG"); environment && *environment) return environment;
    return "/etc/saring/saring.toml";
}

Config parse_config(const Bytes& text, const std::string& path) {
    Config c;
    Handlers tool_handlers;
    for (const char* name : tool_tables)
        tool_handlers[name] = [](const toml::node&, const Table&, const std::string&) {};
    read_document(c, text, path, std::move(tool_handlers));
    return c;
}

void read_document(Config& c, const Bytes& text, const std::string& path, Handlers tool_handlers) {
    c.source = path;
    c.digest = sha256_hex(text);
    if (auto at = non_ascii_in_toml(text))
        throw Error(ErrorKind::usage, path + ":" + std::to_string(at->line) + ":" + std::to_string(at->column),
                    msg("a non-ASCII character outside strings and comments"),
                    msg("put the value in quotes; see saring.toml(5)"));
    toml::table document;
    try {
        document = toml::parse(text, path);
    } catch (const toml::parse_error& e) {
        auto at = e.source().begin;
        throw Error(ErrorKind::usage, path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column),
                    std::string(e.description()), msg("see saring.toml(5)"));
    }
    Handlers tables{
        {"database", table({
                         {"path", text_option(c.database.path)},
                         {"map_size_mib",
                          [&](const toml::node& n, const Table& t, const std::string& name) {
                              c.database.map_size = static_cast<std::size_t>(t.number(n, name, 1, 1 << 24)) << 20;
                          }},
                         {"max_readers", number_option(c.database.max_readers, 8, 100000)},
                         {"lock_wait_seconds", number_option(c.database.lock_wait, 1, 86400)},
                         {"resolver_wait_seconds", number_option(c.database.resolver_wait, 0, 600)},
                         {"image", text_option(c.database.image)},
                     })},
        {"answer", table({
                       {"action",
                        [&](const toml::node& n, const Table& t, const std::string& name) {
                            c.answer.action =
                                t.parsed(n, name, [&](const std::string& s) { return policy::parse_action(s, name); });
                            if (c.answer.action == policy::Action::passthru)
                                t.fail(n, name, msg("cannot be passthru"),
                                       msg("orders without an action must block; use log for a rehearsal"));
                        }},
                       {"ttl", number_option(c.answer.ttl, 0, 86400)},
                       {"keep", number_option(c.answer.keep, 0, 3600)},
                       {"redirect_cname", domain_name(c.answer.redirect_cname)},
                       {"language",
                        [&](const toml::node& n, const Table& t, const std::string& name) {
                            c.answer.language = t.text(n, name);
                            if (c.answer.language != "en" && c.answer.language != "id")
                                t.fail(n, name, msg("is \"%1\"", c.answer.language), msg("write en or id"));
                        }},
                       {"structured_error_option", number_option(c.answer.structured_error_option, 0, 65535)},
                       {"redirect_a", prefixes(c.answer.redirect_a, 4)},
                       {"redirect_aaaa", prefixes(c.answer.redirect_aaaa, 6)},
                       {"soa_mname", domain_name(c.answer.soa_mname)},
                       {"soa_rname", domain_name(c.answer.soa_rname)},
                   })},
        {"failure", table({
                        {"policy",
                         [&](const toml::node& n, const Table& t, const std::string& name) {
                             auto s = t.text(n, name);
                             if (s != "resolve" && s != "servfail")
                                 t.fail(n, name, msg("is \"%1\"", s), msg("write resolve or servfail"));
                             c.failure.policy = s == "resolve" ? FailurePolicy::resolve : FailurePolicy::servfail;
                         }},
                    })},
        {"region", table({
                       {"mmdb", text_option(c.region.mmdb)},
                       {"mmdb_path", texts(c.region.mmdb_path)},
                       {"country_prefix", text_option(c.region.country_prefix)},
                       {"names",
                        [&](const toml::node& n, const Table& t, const std::string& name) {
                            if (!n.as_table())
                                t.fail(n, name, msg("is not a table"), msg("write names = { Jakarta = \"ID-JK\" }"));
                            for (const auto& [key, value] : *n.as_table())
                                c.region.names[std::string(key.str())] = t.text(value, std::string(key.str()));
                        }},
                       {"prefix_table", text_option(c.region.prefix_table)},
                       {"unknown_is_inside", flag(c.region.unknown_is_inside)},
                       {"believe_client_subnet", flag(c.believe_client_subnet)},
                   })},
        {"eviction", table({
                         {"sweep_seconds", number_option(c.eviction.sweep_seconds, 1, 86400)},
                     })},
        {"module", table({
                       {"status_file", text_option(c.module.status_file)},
                   })},
        {"hits", hits_option(c.hits)},
    };
    tables.merge(tool_handlers);
    Table(c.source, "").read(document, tables);
    require_landing(c, "answer.action", c.answer.action);
    if (c.hits.path == c.database.path)
        throw Error(ErrorKind::usage, path, msg("option hits.path is the blocklist's own folder, \"%1\"", c.hits.path),
                    msg("give hits their own folder: resolvers write to it"));
}

void require_landing(const Config& c, const std::string& option, std::optional<policy::Action> action) {
    bool leads_somewhere =
        !c.answer.redirect_a.empty() || !c.answer.redirect_aaaa.empty() || !c.answer.redirect_cname.empty();
    if (action == policy::Action::redirect && !leads_somewhere)
        throw Error(
            ErrorKind::usage, c.source, msg("option %1 is \"redirect\", but no redirect target is set", option),
            msg("set answer.redirect_a, answer.redirect_aaaa or answer.redirect_cname, or choose another action"));
}

std::string salvaged_option(ByteView text, ByteView table, ByteView option) {
    auto trimmed = [](ByteView s) {
        auto first = s.find_first_not_of(" \t\r"), last = s.find_last_not_of(" \t\r");
        return first == ByteView::npos ? ByteView() : s.substr(first, last - first + 1);
    };
    ByteView in;  // the table of the current line
    while (!text.empty()) {
        auto end = text.find('\n');
        auto line = trimmed(text.substr(0, end));
        text.remove_prefix(end == ByteView::npos ? text.size() : end + 1);
        if (!line.empty() && line.front() == '[') in = trimmed(line.substr(1, line.find(']') - 1));
        auto equals = line.find('=');
        if (in != table || equals == ByteView::npos || trimmed(line.substr(0, equals)) != option) continue;
        auto value = trimmed(line.substr(equals + 1));
        auto close =
            value.size() > 1 && (value[0] == '"' || value[0] == '\'') ? value.find(value[0], 1) : ByteView::npos;
        if (close != ByteView::npos) return std::string(value.substr(1, close - 1));
    }
    return {};
}

}  // namespace saring::config
