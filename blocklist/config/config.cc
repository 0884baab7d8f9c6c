#include "config/config.h"

#include <toml++/toml.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <map>

#include "base/file.h"
#include "name/owner_name.h"

namespace saring {
namespace {

class Table;
using Handler = std::function<void(const toml::node&, const Table&, const std::string&)>;

// A table whose options are known; the rest is refused with its place.
class Table {
public:
    Table(const std::string& source, std::string path) : source_(source), path_(std::move(path)) {}

    [[noreturn]] void fail(const toml::node& at, const std::string& name, const std::string& why, const std::string& remedy) const {
        auto p = at.source().begin;
        throw Error(ErrorKind::usage, source_ + ":" + std::to_string(p.line) + ":" + std::to_string(p.column),
                    "option " + full(name) + " " + why, remedy);
    }
    void read(const toml::node& node, const std::map<std::string, Handler>& handlers) const {
        const auto* table = node.as_table();
        if (!table) fail(node, "", "is not a table", "write [" + path_ + "] on a line of its own");
        for (const auto& [key, value] : *table) {
            std::string name(key.str());
            auto handler = handlers.find(name);
            if (handler == handlers.end()) {
                std::string known;
                for (const auto& h : handlers) known += (known.empty() ? "" : ", ") + h.first;
                fail(value, name, "is unknown", "this version knows: " + known);
            }
            handler->second(value, *this, name);
        }
    }
    Table below(const std::string& name) const { return {source_, full(name)}; }
    const std::string& source() const { return source_; }

    std::string text(const toml::node& n, const std::string& name) const {
        if (auto v = n.value_exact<std::string>()) return *v;
        fail(n, name, "is not a string", "write it in quotes");
    }
    std::int64_t number(const toml::node& n, const std::string& name, std::int64_t least, std::int64_t most) const {
        auto v = n.value_exact<std::int64_t>();
        if (!v) fail(n, name, "is not a whole number", "write " + std::to_string(least) + " to " + std::to_string(most));
        if (*v < least || *v > most)
            fail(n, name, "is " + std::to_string(*v) + ", out of range", "write " + std::to_string(least) + " to " + std::to_string(most));
        return *v;
    }
    void each(const toml::node& n, const std::string& name, const std::function<void(const toml::node&)>& visit) const {
        const auto* array = n.as_array();
        if (!array) fail(n, name, "is not an array", "write it in [ ]");
        for (const auto& item : *array) visit(item);
    }
    // Runs a parser of text and gives its complaint the place in the file.
    template <typename F>
    auto parsed(const toml::node& n, const std::string& name, F parse) const {
        try {
            return parse(text(n, name));
        } catch (const Error& e) {
            if (e.subject().rfind(source_, 0) == 0) throw;
            fail(n, name, e.why(), e.remedy());
        }
    }

private:
    std::string full(const std::string& name) const {
        return path_.empty() ? name : name.empty() ? path_ : path_ + "." + name;
    }
    const std::string& source_;
    std::string path_;
};

Handler table(std::map<std::string, Handler> handlers) {
    return [handlers = std::move(handlers)](const toml::node& n, const Table& t, const std::string& name) {
        t.below(name).read(n, handlers);
    };
}

Handler prefixes(std::vector<Prefix>& out, std::uint8_t family) {
    return [&out, family](const toml::node& n, const Table& t, const std::string& name) {
        t.each(n, name, [&](const toml::node& item) {
            auto p = t.parsed(item, name, [](const std::string& s) { return Prefix::parse(s); });
            if (p.family != family || p.length != (family == 4 ? 32 : 128))
                t.fail(item, name, "takes single IPv" + std::to_string(family) + " addresses", "write e.g. " + std::string(family == 4 ? "192.0.2.80" : "2001:db8::80"));
            out.push_back(p);
        });
    };
}

Handler domain_name(std::string& out) {
    return [&out](const toml::node& n, const Table& t, const std::string& name) {
        out = t.parsed(n, name, [](const std::string& s) { return OwnerName::parse(s).to_string(); });
    };
}

Handler text_option(std::string& out) {
    return [&out](const toml::node& n, const Table& t, const std::string& name) { out = t.text(n, name); };
}

Handler flag(bool& out) {
    return [&out](const toml::node& n, const Table& t, const std::string& name) {
        auto v = n.value_exact<bool>();
        if (!v) t.fail(n, name, "is not a boolean", "write true or false");
        out = *v;
    };
}

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
                if (s != "order" && s != "feed") t.fail(item, name, "has the unknown role \"" + s + "\"", "write order or feed");
                key.roles.push_back(s == "order" ? KeyRole::order : KeyRole::feed);
            });
        }},
        {"valid_from", time(key.valid_from)},
        {"valid_until", time(key.valid_until)},
    });
    if (key.name.empty()) outer.fail(node, "key.name", "is missing", "name whose key it is");
    if (!has_key) outer.fail(node, "key.public_key", "is missing", "give the line that begins with RW");
    if (key.roles.empty()) outer.fail(node, "key.roles", "is missing", "write roles = [\"order\"]");
    return key;
}

}  // namespace

std::string config_path(const std::string& given) {
    if (!given.empty()) return given;
    if (const char* environment = std::getenv("SARING_CONFIG"); environment && *environment) return environment;
    return "/etc/saring/saring.toml";
}

Config load_config(const std::string& path, bool optional) {
    Config c;
    c.source = path;
    if (optional && ::access(path.c_str(), F_OK) != 0) return c;
    toml::table document;
    try {
        document = toml::parse(read_file(path, 4u << 20), path);
    } catch (const toml::parse_error& e) {
        auto at = e.source().begin;
        throw Error(ErrorKind::usage, path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column),
                    std::string(e.description()), "see saring.toml(5)");
    }
    Table(c.source, "").read(document, {
        {"database", table({
            {"path", text_option(c.database.path)},
            {"map_size_mib", [&](const toml::node& n, const Table& t, const std::string& name) {
                c.database.map_size = static_cast<std::size_t>(t.number(n, name, 1, 1 << 24)) << 20;
            }},
            {"max_readers", [&](const toml::node& n, const Table& t, const std::string& name) {
                c.database.max_readers = static_cast<unsigned>(t.number(n, name, 8, 100000));
            }},
        })},
        {"trust", table({
            {"threshold", [&](const toml::node& n, const Table& t, const std::string& name) {
                c.trust.threshold = static_cast<unsigned>(t.number(n, name, 1, 16));
            }},
            {"key", [&](const toml::node& n, const Table& t, const std::string& name) {
                t.each(n, name, [&](const toml::node& item) {
                    auto key = read_key(item, t);
                    for (const auto& other : c.trust.keys)
                        if (other.key.id == key.key.id)
                            t.fail(item, name, "\"" + key.name + "\" is the same key as \"" + other.name + "\"",
                                   "a threshold counts distinct keys: keep one of them");
                    c.trust.keys.push_back(std::move(key));
                });
            }},
        })},
        {"answer", table({
            {"action", [&](const toml::node& n, const Table& t, const std::string& name) {
                c.answer.action = t.parsed(n, name, [&](const std::string& s) { return parse_action(s, name); });
                if (c.answer.action == Action::passthru) t.fail(n, name, "cannot be passthru", "an order without an action is there to block; use log to rehearse");
            }},
            {"ttl", [&](const toml::node& n, const Table& t, const std::string& name) {
                c.answer.ttl = static_cast<unsigned>(t.number(n, name, 0, 86400));
            }},
            {"redirect_cname", domain_name(c.answer.redirect_cname)},
            {"language", [&](const toml::node& n, const Table& t, const std::string& name) {
                c.answer.language = t.text(n, name);
                if (c.answer.language != "en" && c.answer.language != "id") t.fail(n, name, "is \"" + c.answer.language + "\"", "write en or id");
            }},
            {"structured_error_option", [&](const toml::node& n, const Table& t, const std::string& name) {
                c.answer.structured_error_option = static_cast<unsigned>(t.number(n, name, 0, 65535));
            }},
            {"redirect_a", prefixes(c.answer.redirect_a, 4)},
            {"redirect_aaaa", prefixes(c.answer.redirect_aaaa, 6)},
            {"soa_mname", domain_name(c.answer.soa_mname)},
            {"soa_rname", domain_name(c.answer.soa_rname)},
        })},
        {"failure", table({
            {"policy", [&](const toml::node& n, const Table& t, const std::string& name) {
                auto s = t.text(n, name);
                if (s != "resolve" && s != "servfail") t.fail(n, name, "is \"" + s + "\"", "write resolve or servfail");
                c.failure.policy = s == "resolve" ? FailurePolicy::resolve : FailurePolicy::servfail;
            }},
        })},
        {"region", table({
            {"mmdb", text_option(c.region.mmdb)},
            {"mmdb_path", [&](const toml::node& n, const Table& t, const std::string& name) {
                c.region.mmdb_path.clear();
                t.each(n, name, [&](const toml::node& item) { c.region.mmdb_path.push_back(t.text(item, name)); });
            }},
            {"country_prefix", text_option(c.region.country_prefix)},
            {"names", [&](const toml::node& n, const Table& t, const std::string& name) {
                if (!n.as_table()) t.fail(n, name, "is not a table", "write names = { Jakarta = \"ID-JK\" }");
                for (const auto& [key, value] : *n.as_table()) c.region.names[std::string(key.str())] = t.text(value, std::string(key.str()));
            }},
            {"prefix_table", text_option(c.region.prefix_table)},
            {"unknown_is_inside", flag(c.region.unknown_is_inside)},
            {"believe_client_subnet", flag(c.believe_client_subnet)},
        })},
        {"eviction", table({
            {"sweep_seconds", [&](const toml::node& n, const Table& t, const std::string& name) {
                c.eviction.sweep_seconds = static_cast<unsigned>(t.number(n, name, 1, 86400));
            }},
        })},
        {"module", table({
            {"status_file", text_option(c.module.status_file)},
        })},
        {"list", table({
            {"lifetime_days", [&](const toml::node& n, const Table& t, const std::string& name) {
                c.list_lifetime_days = static_cast<unsigned>(t.number(n, name, 1, 3650));
            }},
        })},
    });
    if (!c.trust.keys.empty() && c.trust.threshold > c.trust.keys.size())
        throw Error(ErrorKind::usage, path, "option trust.threshold is " + std::to_string(c.trust.threshold) + " with only " +
                    std::to_string(c.trust.keys.size()) + " keys", "no order could ever be accepted: add keys or lower it");
    return c;
}

}  // namespace saring
