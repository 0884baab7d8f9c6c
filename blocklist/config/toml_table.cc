#include "config/toml_table.h"

#include "name/owner_name.h"

namespace saring::config::toml_table {

void Table::fail(const toml::node& at, const std::string& name, const Message& why, const Message& remedy) const {
    auto p = at.source().begin;
    throw Error(ErrorKind::usage, source_ + ":" + std::to_string(p.line) + ":" + std::to_string(p.column),
                msg("option %1 %2", full(name), why), remedy);
}

void Table::read(const toml::node& node, const Handlers& handlers) const {
    const auto* items = node.as_table();
    if (!items) fail(node, "", msg("is not a table"), msg("write [%1] on a line of its own", path_));
    for (const auto& [key, value] : *items) {
        std::string name(key.str());
        auto handler = handlers.find(name);
        if (handler == handlers.end()) {
            std::string known;
            for (const auto& h : handlers) known += (known.empty() ? "" : ", ") + h.first;
            fail(value, name, msg("is unknown"), msg("this version knows: %1", known));
        }
        handler->second(value, *this, name);
    }
}

std::string Table::text(const toml::node& n, const std::string& name) const {
    if (auto v = n.value_exact<std::string>()) return *v;
    fail(n, name, msg("is not a string"), msg("write it in quotes"));
}

std::int64_t Table::number(const toml::node& n, const std::string& name, std::int64_t min, std::int64_t max) const {
    auto v = n.value_exact<std::int64_t>();
    if (!v) fail(n, name, msg("is not a whole number"), msg("write %1 to %2", min, max));
    if (*v < min || *v > max) fail(n, name, msg("is %1, out of range", *v), msg("write %1 to %2", min, max));
    return *v;
}

void Table::each(const toml::node& n, const std::string& name,
                 const std::function<void(const toml::node&)>& visit) const {
    const auto* array = n.as_array();
    if (!array) fail(n, name, msg("is not an array"), msg("write it in [ ]"));
    for (const auto& item : *array) visit(item);
}

std::string Table::full(const std::string& name) const {
    return path_.empty() ? name : name.empty() ? path_ : path_ + "." + name;
}

Handler table(Handlers handlers) {
    return [handlers = std::move(handlers)](const toml::node& n, const Table& t, const std::string& name) {
        t.below(name).read(n, handlers);
    };
}

Handler text_option(std::string& out) {
    return [&out](const toml::node& n, const Table& t, const std::string& name) { out = t.text(n, name); };
}

Handler texts(std::vector<std::string>& out) {
    return [&out](const toml::node& n, const Table& t, const std::string& name) {
        out.clear();
        t.each(n, name, [&](const toml::node& item) { out.push_back(t.text(item, name)); });
    };
}

Handler flag(bool& out) {
    return [&out](const toml::node& n, const Table& t, const std::string& name) {
        auto v = n.value_exact<bool>();
        if (!v) t.fail(n, name, msg("is not a boolean"), msg("write true or false"));
        out = *v;
    };
}

Handler domain_name(std::string& out) {
    return [&out](const toml::node& n, const Table& t, const std::string& name) {
        out = t.text(n, name);
        auto stray = out.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_\\");
        if (stray != std::string::npos)
            t.fail(n, name, msg("is \"%1\", which is not a host name", out),
                   msg("write a host name such as landing.example, an international one in its xn-- form"));
        out = t.parsed(n, name, [](const std::string& s) { return OwnerName::parse(s).to_string(); });
    };
}

Handler prefixes(std::vector<Prefix>& out, std::uint8_t family) {
    return [&out, family](const toml::node& n, const Table& t, const std::string& name) {
        t.each(n, name, [&](const toml::node& item) {
            auto p = t.parsed(item, name, [](const std::string& s) { return Prefix::parse(s); });
            if (p.family != family || p.length != (family == 4 ? 32 : 128))
                t.fail(item, name, msg("takes single IPv%1 addresses", family),
                       msg("write e.g. %1", family == 4 ? "192.0.2.80" : "2001:db8::80"));
            out.push_back(p);
        });
    };
}

}  // namespace saring::config::toml_table
