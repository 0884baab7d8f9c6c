#include "base/json_field.h"

#include <set>
#include <vector>

namespace saring {
namespace {

constexpr std::size_t max_depth = 32;

// Detects what the parser accepts and we do not: members that appear twice, deep nesting.
class Strictness : public JsonField::Json::json_sax_t {
public:
    explicit Strictness(const std::string& source) : source_(source) {}
    const std::string& repeated() const { return repeated_; }  // a field that appears twice, or empty

    bool start_object(std::size_t) override { return deeper(); }
    bool end_object() override { return shallower(); }
    bool start_array(std::size_t) override { return deeper(); }
    bool end_array() override { return shallower(); }
    bool key(string_t& name) override {
        if (!open_.back().insert(name).second) repeated_ = name;
        return true;
    }
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        return false;
    }  // the parser itself reports it

private:
    // Refuses a deep document before recursive code exhausts the stack on it.
    bool deeper() {
        open_.emplace_back();
        if (open_.size() > max_depth)
            throw Error(ErrorKind::usage, source_, msg("is nested deeper than %1", max_depth),
                        msg("no document of ours has more than 5 levels"));
        return true;
    }
    bool shallower() {
        open_.pop_back();
        return true;
    }

    const std::string& source_;
    std::vector<std::set<std::string>> open_;  // fields so far, of each enclosing object and array
    std::string repeated_;
};

}  // namespace

void JsonField::fail(const Message& why, const Message& remedy) const {
    throw Error(ErrorKind::usage, source_, msg("field %1: %2", path_, why), remedy);
}

std::string JsonField::text(std::size_t max) const {
    if (!value_.is_string()) fail(msg("is %1, not a string", value_.type_name()), msg("write it in quotes"));
    auto s = value_.get<std::string>();
    if (s.empty()) fail(msg("is empty"), msg("give it a value or leave the field out"));
    if (s.size() > max) fail(msg("is longer than %1 bytes", max), msg("shorten it"));
    return s;
}

std::uint64_t JsonField::number(std::uint64_t min, std::uint64_t max) const {
    Message range = msg("write %1 to %2", min, max);
    if (!value_.is_number_unsigned())
        fail(
            msg("%1 is not a whole number", value_.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 100)),
            range);
    auto n = value_.get<std::uint64_t>();
    if (n < min || n > max) fail(msg("%1 is out of range", n), range);
    return n;
}

std::string JsonField::url() const {
    auto s = text(2000);
    if (s.rfind("https://", 0) != 0 && s.rfind("http://", 0) != 0)
        fail(msg("\"%1\" is not a web address", s), msg("begin it with https://"));
    return s;
}

void JsonField::each(const std::function<void(const JsonField&)>& visit) const {
    if (!value_.is_array()) fail(msg("is %1, not an array", value_.type_name()), msg("write it in [ ]"));
    for (std::size_t i = 0; i < value_.size(); ++i) visit({value_[i], path_ + "[" + std::to_string(i) + "]", source_});
}

void JsonField::object(const Handlers& handlers) const {
    if (!value_.is_object()) fail(msg("is %1, not an object", value_.type_name()), msg("write it in { }"));
    for (const auto& [name, member] : value_.items()) {
        auto at = handlers.find(name);
        JsonField f(member, path_.empty() ? name : path_ + "." + name, source_);
        if (at == handlers.end()) {
            std::string known;
            for (const auto& h : handlers) known += (known.empty() ? "" : ", ") + h.first;
            f.fail(msg("is unknown"), msg("this version knows: %1", known));
        }
        at->second(f);
    }
}

void JsonField::require(std::initializer_list<const char*> members) const {
    for (const char* name : members)
        if (!has(name))
            JsonField(value_, path_.empty() ? name : path_ + "." + name, source_)
                .fail(msg("is missing"), msg("add it"));
}

JsonField::Json parse_strict_json(ByteView document, const std::string& source) {
    // The parser stops at a NUL: bytes behind it would be signed, but never read.
    if (auto nul = document.find('\0'); nul != ByteView::npos)
        throw Error(ErrorKind::usage, source, msg("has a NUL byte at %1", nul),
                    msg("JSON has none: send the document as it was written"));
    Strictness strictness(source);
    // A separate pass, not the parser's callback, which costs time quadratic in the number of objects.
    JsonField::Json::sax_parse(document, &strictness);
    try {
        auto json = JsonField::Json::parse(document);
        if (!strictness.repeated().empty())
            throw Error(ErrorKind::usage, source, msg("field %1: appears twice", strictness.repeated()),
                        msg("keep one of them"));
        return json;
    } catch (const JsonField::Json::exception& e) {  // a syntax error, or a number out of every range
        throw Error(ErrorKind::usage, source, msg("is not JSON: %1", e.what()), msg("check it with a JSON editor"));
    }
}

}  // namespace saring
