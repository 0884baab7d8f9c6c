#include "config/toml_table.h"

#include "name/owner_name.h"

namespace saring::toml_table {

void Table::fail(const toml::node& at, const std::string& name, const std::string& why, const std::string& remedy) const {
    auto p = at.source().begin;
    throw Error(ErrorKind::usage, source_ + ":" + std::to_string(p.line) + ":" + std::to_string(p.column),
                "option " + full(name) + " " + why, remedy);
}

void Table::read(const toml::node& node, const Handlers& handlers) const {
    const auto* items = node.as_table();
    if (!items) fail(node, "", "is not a table", "write [" + path_ + "] on a line of its own");
    for (const auto& [key, value] : *items) {
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

std::string Table::text(const toml::node& n, const std::string& name) const {
    if (auto v = n.value_exact<std::string>()) return *v;
    fail(n, name, "is not a string", "write it in quotes");
}

std::int64_t Table::number(const toml::node& n, const std::string& name, std::int64_t least, std::int64_t most) const {
    auto v = n.value_exact<std::int64_t>();
    if (!v) fail(n, name, "is not a whole number", "write " + std::to_string(least) + " to " + std::to_string(most));
    if (*v < least || *v > most)
        fail(n, name, "is " + std::to_string(*v) + ", out of range", "write " + std::to_string(least) + " to " + std::to_string(most));
    return *v;
}

void Table::each(const toml::node& n, const std::string& name, const std::function<void(const toml::node&)>& visit) const {
    const auto* array = n.as_array();
    if (!array) fail(n, name, "is not an array", "write it in [ ]");
    for (const auto& item : *array) visit(item);
}

std::string Table::full(const std::string& name) const { return path_.empty() ? name : name.empty() ? path_ : path_ + "." + name; }

Handler table(Handlers handlers) {
    return [handlers = std::move(handlers)](const toml::node& n, const Table& t, const std::string& name) { t.below(name).read(n, handlers); };
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
        if (!v) t.fail(n, name, "is not a boolean", "write true or false");
        out = *v;
    };
}

Handler domain_name(std::string& out) {
    return [&out](const toml::node& n, const Table& t, const std::string& name) {
        out = t.parsed(n, name, [](const std::string& s) { return OwnerName::parse(s).to_string(); });
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

}  // namespace saring::toml_table
