// Strict reader of JSON documents (RFC 8259): every value knows its path, so that each error names the field; unknown
// fields are refused by name. For documents of which a partial reading would do harm: orders, feed manifests.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "base/bytes.h"
#include "base/message.h"
#include "base/time.h"

namespace saring {

class JsonField {
public:
    using Json = nlohmann::ordered_json;
    using Handlers = std::map<std::string, std::function<void(const JsonField&)>>;

    // `path` is empty for the document itself; `source` must outlive this object.
    JsonField(const Json& value, std::string path, const std::string& source)
        : value_(value), path_(std::move(path)), source_(source) {}

    // All members below throw Error(usage) that names source, field and value, and says what is accepted.
    [[noreturn]] void fail(const Message& why, const Message& remedy) const;
    std::string label() const { return source_ + ": field " + path_; }

    std::string text(std::size_t max = 4000) const;
    std::uint64_t number(std::uint64_t min, std::uint64_t max) const;
    UnixTime time() const { return parse_rfc3339(text(64), label()); }
    std::string url() const;  // http or https
    void each(const std::function<void(const JsonField&)>& visit) const;
    // Passes each member to its handler; refuses a member without one by name.
    void object(const Handlers& handlers) const;
    // Refuses an object in which one of these members is missing.
    void require(std::initializer_list<const char*> members) const;
    bool has(const char* name) const { return value_.is_object() && value_.contains(name); }
    const Json& json() const { return value_; }

private:
    const Json& value_;
    std::string path_;
    const std::string& source_;
};

// Refuses an object with the same member twice, since readers differ in which one they take, and nesting deeper than
// any document of ours. Throws Error(usage).
JsonField::Json parse_strict_json(ByteView document, const std::string& source);

}  // namespace saring
