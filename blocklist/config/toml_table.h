// Strict reader of TOML: a table knows its options, and refuses any other with file, line and column.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/toml.h"
#include "net/prefix.h"

namespace saring::config::toml_table {

class Table;
using Handler = std::function<void(const toml::node&, const Table&, const std::string&)>;
using Handlers = std::map<std::string, Handler>;

// All members throw Error(usage) that names file, line, column and option.
class Table {
public:
    Table(const std::string& source, std::string path) : source_(source), path_(std::move(path)) {}

    [[noreturn]] void fail(const toml::node& at, const std::string& name, const Message& why,
                           const Message& remedy) const;
    void read(const toml::node& node, const Handlers& handlers) const;
    Table below(const std::string& name) const { return {source_, full(name)}; }
    const std::string& source() const { return source_; }

    std::string text(const toml::node& n, const std::string& name) const;
    std::int64_t number(const toml::node& n, const std::string& name, std::int64_t min, std::int64_t max) const;
    void each(const toml::node& n, const std::string& name, const std::function<void(const toml::node&)>& visit) const;
    // Runs a parser on the text and adds file, line and column to its error.
    template <typename F>
    auto parsed(const toml::node& n, const std::string& name, F parse) const {
        try {
            return parse(text(n, name));
        } catch (const Error& e) {
            if (e.subject().english().rfind(source_, 0) == 0) throw;
            fail(n, name, e.why(), e.remedy());
        }
    }

private:
    std::string full(const std::string& name) const;
    const std::string& source_;
    std::string path_;
};

// Handler of a nested table with these options.
Handler table(Handlers handlers);

Handler text_option(std::string& out);
Handler texts(std::vector<std::string>& out);  // replaces the defaults
Handler flag(bool& out);
Handler domain_name(std::string& out);
Handler prefixes(std::vector<Prefix>& out, std::uint8_t family);  // single addresses of a family
template <typename T>
Handler number_option(T& out, std::int64_t min, std::int64_t max) {
    return [&out, min, max](const toml::node& n, const Table& t, const std::string& name) {
        out = static_cast<T>(t.number(n, name, min, max));
    };
}

}  // namespace saring::config::toml_table
