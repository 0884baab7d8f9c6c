#include "config/config_text.h"

#include <unistd.h>

#include <cstdlib>

#include "base/file.h"
#include "base/sha256.h"
#include "config/feeds_option.h"
#include "config/hits_option.h"
#include "config/safety_option.h"
#include "config/ship_option.h"
#include "config/stray.h"
#include "config/toml_table.h"

namespace saring {
namespace {

using namespace toml_table;

TrustedKey read_key(const toml::node& node, const Table& outer) {
    TrustedKey key;
    bool has_key = false;
    auto time = [](std::optional<UnixTime>& out) -> Handler {
        return [&out](const toml::node& n, const Table& t, const std::string& name) {
            out = t.parsed(n, name, [&](const std::string& s) { return parse_rfc3339(s, name); });
        };
    };
    outer.below("key").read(node, {
        {"name", [&](const toml::node& n, const Table& t, const std::string& name) { key.name = t.text(n, name); }},
        {"public_key", [&](const toml::node& n, const Table& t, const std::string& name) {
            key.key = t.parsed(n, name, [&](const std::string& s) { return minisign::PublicKey::parse(s, name); });
            has_key = true;
        }},
        {"roles", [&](const toml::node& n, const Table& t, const std::string& name) {
            t.each(n, name, [&](const toml::node& item) {
                auto s = t.text(item, name);
                if (s != "order" && s != "feed") t.fail(item, name, msg("has the unknown role \"%1\"", s), msg("write order or feed"));
                key.roles.push_back(s == "order" ? KeyRole::order : KeyRole::feed);
            });
        }},
        {"valid_from", time(key.valid_from)},
        {"valid_until", time(key.valid_until)},
        {"revoked", time(key.revoked)},
    });
    if (key.name.empty()) outer.fail(node, "key.name", msg("is missing"), msg("name whose key it is"));
    if (!has_key) outer.fail(node, "key.public_key", msg("is missing"), msg("give the line that begins with RW"));
    if (key.roles.empty()) outer.fail(node, "key.roles", msg("is missing"), msg("write roles = [\"order\"]"));
    return key;
}

}  // namespace

std::string config_path(const std::string& given) {
    if (!given.empty()) return given;
    if (const char* environment = std::getenv("SARING_CONFIG"); environment && *environment) return environment;
    return "/etc/saring/saring.toml";
}

Config load_config(const std::string& path, bool optional) {
    if (optional && ::access(path.c_str(), F_OK) != 0) {
        Config defaults;
        defaults.source = path;
        return defaults;
    }
    return parse_config(read_file(path, max_config_bytes), path);
}

Config parse_config(const Bytes& text, const std::string& path) {
    Config c;
    c.source = path;
    c.digest = sha256_hex(text);
    if (auto at = stray_in_toml(text))
        throw Error(ErrorKind::usage, path + ":" + std::to_string(at->line) + ":" + std::to_string(at->column),
                    msg("a character beyond ASCII outside a string and a comment"), msg("put the value in quotes; see saring.toml(5)"));
    toml::table document;
    try {
        document = toml::parse(text, path);
    } catch (const toml::parse_error& e) {
        auto at = e.source().begin;
        throw Error(ErrorKind::usage, path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column),
                    std::string(e.description()), msg("see saring.toml(5)"));
    }
    Table(c.source, "").read(document, {
        {"database", table({
            {"path", text_option(c.database.path)},
            {"map_size_mib", [&](const toml::node& n, const Table& t, const std::string& name) {
                c.database.map_size = static_cast<std::size_t>(t.number(n, name, 1, 1 << 24)) << 20;
            }},
            {"max_readers", number_option(c.database.max_readers, 8, 100000)},
        })},
        {"trust", table({
            {"threshold", number_option(c.trust.threshold, 1, 16)},
            {"key", [&](const toml::node& n, const Table& t, const std::string& name) {
                t.each(n, name, [&](const toml::node& item) {
                    auto key = read_key(item, t);
                    for (const auto& other : c.trust.keys)
                        // Under two ids one holder could be two approvers.
                        if (other.key.id == key.key.id || other.key.key == key.key.key)
                            t.fail(item, name, msg("\"%1\" is the same key as \"%2\"", key.name, other.name),
                                   msg("a threshold counts distinct keys: keep one of them"));
                    c.trust.keys.push_back(std::move(key));
                });
            }},
        })},
        {"feed", feeds_option(c.feeds)},
        {"answer", table({
            {"action", [&](const toml::node& n, const Table& t, const std::string& name) {
                c.answer.action = t.parsed(n, name, [&](const std::string& s) { return parse_action(s, name); });
                if (c.answer.action == Action::passthru) t.fail(n, name, msg("cannot be passthru"), msg("an order without an action is there to block; use log to rehearse"));
            }},
            {"ttl", number_option(c.answer.ttl, 0, 86400)},
            {"redirect_cname", domain_name(c.answer.redirect_cname)},
            {"language", [&](const toml::node& n, const Table& t, const std::string& name) {
                c.answer.language = t.text(n, name);
                if (c.answer.language != "en" && c.answer.language != "id") t.fail(n, name, msg("is \"%1\"", c.answer.language), msg("write en or id"));
            }},
            {"structured_error_option", number_option(c.answer.structured_error_option, 0, 65535)},
            {"redirect_a", prefixes(c.answer.redirect_a, 4)},
            {"redirect_aaaa", prefixes(c.answer.redirect_aaaa, 6)},
            {"soa_mname", domain_name(c.answer.soa_mname)},
            {"soa_rname", domain_name(c.answer.soa_rname)},
        })},
        {"failure", table({
            {"policy", [&](const toml::node& n, const Table& t, const std::string& name) {
                auto s = t.text(n, name);
                if (s != "resolve" && s != "servfail") t.fail(n, name, msg("is \"%1\"", s), msg("write resolve or servfail"));
                c.failure.policy = s == "resolve" ? FailurePolicy::resolve : FailurePolicy::servfail;
            }},
        })},
        {"region", table({
            {"mmdb", text_option(c.region.mmdb)},
            {"mmdb_path", texts(c.region.mmdb_path)},
            {"country_prefix", text_option(c.region.country_prefix)},
            {"names", [&](const toml::node& n, const Table& t, const std::string& name) {
                if (!n.as_table()) t.fail(n, name, msg("is not a table"), msg("write names = { Jakarta = \"ID-JK\" }"));
                for (const auto& [key, value] : *n.as_table()) c.region.names[std::string(key.str())] = t.text(value, std::string(key.str()));
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
        {"ship", ship_option(c.ship)},
        {"safety", safety_option(c.safety)},
        {"local", local_option(c.local)},
        {"display", table({
            {"time_zone", text_option(c.time_zone)},  // the tool judges it: no resolver is to fail for want of a zone
        })},
        {"list", table({
            {"lifetime_days", number_option(c.list_lifetime_days, 1, 3650)},
        })},
    });
    if (!c.trust.keys.empty() && c.trust.threshold > c.trust.keys.size())
        throw Error(ErrorKind::usage, path, msg("option trust.threshold is %1 with only %2 keys", c.trust.threshold, c.trust.keys.size()), msg("no order could ever be accepted: add keys or lower it"));
    bool leads_somewhere = !c.answer.redirect_a.empty() || !c.answer.redirect_aaaa.empty() || !c.answer.redirect_cname.empty();
    auto require_landing = [&](const std::string& option, std::optional<Action> action) {
        if (action == Action::redirect && !leads_somewhere)
            throw Error(ErrorKind::usage, path, msg("option %1 is \"redirect\", and there is nowhere to lead people to", option),
                        msg("give answer.redirect_a, answer.redirect_aaaa or answer.redirect_cname, or choose another action"));
    };
    require_landing("answer.action", c.answer.action);
    for (const auto& feed : c.feeds) require_landing("feed.action of feed " + feed.name, feed.list.action);
    if (c.hits.path == c.database.path)
        throw Error(ErrorKind::usage, path, msg("option hits.path is the blocklist's own folder, \"%1\"", c.hits.path),
                    msg("give hits a folder of their own: resolvers write there"));
    return c;
}

std::string salvaged_option(ByteView text, ByteView table, ByteView option) {
    auto trimmed = [](ByteView s) {
        auto first = s.find_first_not_of(" \t\r"), last = s.find_last_not_of(" \t\r");
        return first == ByteView::npos ? ByteView() : s.substr(first, last - first + 1);
    };
    ByteView in;  // the table that the line stands in
    while (!text.empty()) {
        auto end = text.find('\n');
        auto line = trimmed(text.substr(0, end));
        text.remove_prefix(end == ByteView::npos ? text.size() : end + 1);
        if (!line.empty() && line.front() == '[') in = trimmed(line.substr(1, line.find(']') - 1));
        auto equals = line.find('=');
        if (in != table || equals == ByteView::npos || trimmed(line.substr(0, equals)) != option) continue;
        auto value = trimmed(line.substr(equals + 1));
        auto close = value.size() > 1 && (value[0] == '"' || value[0] == '\'') ? value.find(value[0], 1) : ByteView::npos;
        if (close != ByteView::npos) return std::string(value.substr(1, close - 1));
    }
    return {};
}

}  // namespace saring
