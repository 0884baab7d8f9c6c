#include <algorithm>

#include "base/json_field.h"
#include "geo/region_codes.h"
#include "name/lookup_key.h"
#include "order/order_limits.h"
#include "order/parse_stored_order.h"
#include "order/target.h"
#include "text/shown_text.h"

namespace saring::order {
namespace {

using Json = JsonField::Json;
using Field = JsonField;

constexpr const char *order_format_1 = "saring-order/1", *order_format_2 = "saring-order/2";

// A received document must keep every limit; a stored one was accepted before.
enum class Origin { received, stored };

class Reader {
public:
    Reader(Origin origin, Order& order) : strict_(origin == Origin::received), order_(order) {}

    std::string words(const Field& f, std::size_t limit, Lines lines = Lines::one) const {
        auto s = f.text(limit);
        return strict_ ? require_showable(std::move(s), f.label(), limit, lines) : s;
    }
    std::string id(const Field& f) const;
    std::string contact(const Field& f) const;
    std::string url(const Field& f) const;
    void reasons(const Field& f, const std::string& source) const;
    OwnerName domain(const Field& f) const;
    void target(const Field& f) const;
    Revocation revocation(const Field& f, bool by_match) const;
    // Visits each element of an array that has at most `limit` elements.
    void each(const Field& f, std::size_t limit, const std::function<void(const Field&)>& visit) const {
        if (strict_ && f.json().is_array() && f.json().size() > limit)
            f.fail(msg("has %1 entries", f.json().size()), msg("an order may have at most %1", limit));
        f.each(visit);
    }

private:
    void require_uri(const Field& f, const std::string& s) const {
        if (strict_ && s.find_first_of(" <>\"\\^`{|}") != std::string::npos)
            f.fail(msg("\"%1\" has a character that is not allowed in an address", s), msg("write it percent-encoded"));
    }

    bool strict_;
    Order& order_;
};

// Printable ASCII with single spaces inside: two different ids must look different.
std::string Reader::id(const Field& f) const {
    auto s = f.text(max_order_id);
    if (!strict_) return s;
    for (unsigned char c : s) {
        if (c < 0x20 || c == 0x7f) f.fail(msg("has a control character"), msg("write the number as issued"));
        if (c > 0x7f)
            f.fail(msg("\"%1\" has a character beyond ASCII, which can look like another", s),
                   msg("write the number in ASCII letters, digits and signs"));
    }
    if (s.front() == ' ' || s.back() == ' ' || s.find("  ") != std::string::npos)
        f.fail(msg("\"%1\" has a space at an end, or two in a row", s), msg("write the number as issued"));
    return s;
}

std::string region_code(const Field& f) {
    auto s = f.text(100);
    bool ok = s.size() >= 4 && s.size() <= 6 && s[2] == '-';
    for (std::size_t i = 0; ok && i < s.size(); ++i)
        if (i != 2) ok = ok && ((s[i] >= 'A' && s[i] <= 'Z') || (i > 2 && s[i] >= '0' && s[i] <= '9'));
    if (!ok) f.fail(msg("\"%1\" is not an ISO 3166-2 code", s), msg("write e.g. ID-JK"));
    return s;
}

std::string Reader::contact(const Field& f) const {
    auto s = words(f, 300);
    if (s.rfind("mailto:", 0) != 0 && s.rfind("tel:", 0) != 0)
        f.fail(msg("\"%1\" is neither mailto: nor tel:", s), msg("write e.g. mailto:aduan@kominfo.example"));
    require_uri(f, s);
    return s;
}

std::string Reader::url(const Field& f) const {
    words(f, 2000);
    auto s = f.url();
    require_uri(f, s);
    return s;
}

void Reader::reasons(const Field& f, const std::string& source) const {
    if (!f.json().is_object()) f.fail(msg("is not an object"), msg("write {\"id\": \"...\", \"en\": \"...\"}"));
    if (strict_ && f.json().size() > max_order_reasons)
        f.fail(msg("has %1 entries", f.json().size()), msg("an order may have at most %1", max_order_reasons));
    for (const auto& [language, text] : f.json().items()) {
        Field member(text, "reason." + language, source);
        bool tag = !language.empty() && language.size() <= 35;
        for (char c : language)
            tag = tag &&
                  (!strict_ || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
        if (!tag) member.fail(msg("is not a language tag"), msg("write id or en"));
        order_.reason.emplace_back(language, words(member, max_order_text, Lines::many));
    }
}

// A received order must keep to the present grammar of names.
OwnerName Reader::domain(const Field& f) const {
    auto text = f.text(1100);
    return strict_ ? parse_domain_target(text, f.label()) : parse_stored_domain(text);
}

void Reader::target(const Field& target) const {
    if (target.has("domain") == target.has("address"))
        target.fail(msg("has no target"), msg("give it either \"domain\" or \"address\""));
    if (target.has("address")) {
        target.object({{"address", [&](const Field& f) {
                            try {
                                order_.addresses.push_back(Prefix::parse(f.text(64)));
                            } catch (const Error& e) { f.fail(e.why(), e.remedy()); }
                        }}});
        return;
    }
    DomainTarget out;
    target.object({{"domain", [&](const Field& f) { out.name = domain(f); }},
                   {"match", [&](const Field& f) { out.match = policy::parse_match(f.text(20), f.label()); }}});
    order_.domains.push_back(out);
}

Revocation Reader::revocation(const Field& field, bool by_match) const {
    Revocation out;
    bool match = false;
    field.object({{"order", [&](const Field& f) { out.order = words(f, max_order_id); }},
                  {"domain", [&](const Field& f) { out.domain = domain(f); }},
                  {"match", [&](const Field& f) {
                       if (!by_match)
                           f.fail(msg("belongs to format saring-order/2"),
                                  msg("write \"format\": \"saring-order/2\", or leave it out"));
                       out.match = policy::parse_match(f.text(20), f.label());
                       match = true;
                   }}});
    if (out.order.empty()) field.fail(msg("has no order"), msg("add \"order\""));
    if (match && !out.domain)
        field.fail(msg("has \"match\" and no \"domain\""),
                   msg("add \"domain\"; without both the whole order is lifted"));
    // Order and domain form one key of the database.
    if (strict_ && out.domain && out.order.size() + 2 + LookupKey(*out.domain).view().size() > max_key_size)
        field.fail(msg("names an order and a domain that together are too long to be stored"),
                   msg("revoke the order as a whole"));
    return out;
}

bool needs_format_2(const Order& o) {
    return std::any_of(o.revokes.begin(), o.revokes.end(),
                       [](const auto& r) { return r.domain && r.match != policy::Match::exact; });
}

void check_whole(const Order& o, const std::string& source) {
    auto fail = [&](const std::string& field, const Message& why, const Message& remedy) {
        throw Error(ErrorKind::usage, source, msg("field %1: %2", field, why), remedy);
    };
    if (o.expires <= o.effective)
        fail("expires", msg("%1 is not after effective %2", format_rfc3339(o.expires), format_rfc3339(o.effective)),
             msg("an order must last for some time"));
    if (o.lists_nothing() && o.revokes.empty())
        fail("targets", msg("is empty and nothing is revoked"), msg("name what the order blocks or lifts"));
}

Order read_order(ByteView document, const std::string& source, Origin origin) {
    if (origin == Origin::received && document.size() > max_order_document)
        throw Error(ErrorKind::usage, source, msg("has %1 bytes", document.size()),
                    msg("an order may have at most %1: divide it", max_order_document));
    Json json = parse_strict_json(document, source);
    Field root(json, "", source);
    if (!json.is_object())
        throw Error(ErrorKind::usage, source, msg("is not a JSON object"), msg("an order is one { ... }"));
    for (const char* name : {"format", "id", "authority", "issued", "expires"})
        if (!root.has(name))
            throw Error(ErrorKind::usage, source, msg("field %1: is missing", name),
                        std::string(name) == "expires" ? msg("an order with no end is refused; say when it expires")
                                                       : msg("add it"));

    Order o;
    Reader read(origin, o);
    bool format_2 = json["format"] == order_format_2;
    bool effective_given = false, by_match = false;
    root.object({
        {"format",
         [](const Field& f) {
             if (auto s = f.text(); s != order_format_1 && s != order_format_2)
                 f.fail(msg("\"%1\" is not a format this version reads", s),
                        msg("write %1 or %2", order_format_1, order_format_2));
         }},
        {"id", [&](const Field& f) { o.id = read.id(f); }},
        {"authority", [&](const Field& f) { o.authority = read.words(f, 200); }},
        {"legal_basis", [&](const Field& f) { o.legal_basis = read.words(f, max_order_text, Lines::many); }},
        {"category", [&](const Field& f) { o.category = read.words(f, 100); }},
        {"issued", [&](const Field& f) { o.issued = f.time(); }},
        {"effective",
         [&](const Field& f) {
             o.effective = f.time();
             effective_given = true;
         }},
        {"expires", [&](const Field& f) { o.expires = f.time(); }},
        {"deadline", [&](const Field& f) { o.deadline = f.time(); }},
        {"reason", [&](const Field& f) { read.reasons(f, source); }},
        {"contact",
         [&](const Field& f) {
             read.each(f, max_order_contacts, [&](const Field& c) { o.contact.push_back(read.contact(c)); });
         }},
        {"reference", [&](const Field& f) { o.reference = read.url(f); }},
        {"clarification", [&](const Field& f) { o.clarification = read.url(f); }},
        {"action", [&](const Field& f) { o.action = policy::parse_action(f.text(20), f.label()); }},
        {"regions",
         [&](const Field& f) {
             read.each(f, max_order_regions, [&](const Field& r) { geo::add_region(o.regions, region_code(r)); });
             // Without this check an empty array would mean everywhere, the widest block possible.
             if (o.regions.empty()) f.fail(msg("is empty"), msg("leave it out to mean everywhere"));
         }},
        {"targets", [&](const Field& f) { f.each([&](const Field& t) { read.target(t); }); }},
        {"revokes",
         [&](const Field& f) {
             read.each(f, max_order_revokes, [&](const Field& r) {
                 o.revokes.push_back(read.revocation(r, format_2));
                 by_match = by_match || r.has("match");
             });
         }},
    });
    // Each order has exactly one format, and older versions can read it whenever that is possible.
    if (format_2 && !by_match)
        Field(json["format"], "format", source)
            .fail(msg("\"%1\" is for orders that lift by \"match\"", order_format_2), msg("write %1", order_format_1));
    if (!effective_given) o.effective = o.issued;
    check_whole(o, source);
    return o;
}

}  // namespace

Order parse_order(ByteView document, const std::string& source) {
    return read_order(document, source, Origin::received);
}
Order parse_stored_order(ByteView document, const std::string& source) {
    return read_order(document, source, Origin::stored);
}

std::string id_likeness(const std::string& id) {
    std::string out;
    for (char c : id) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
        out += c == '0' ? 'o' : c == '1' || c == 'i' || c == '|' ? 'l' : c;
    }
    return out;
}

Bytes format_order(const Order& o) {
    Json j;
    j["format"] = needs_format_2(o) ? order_format_2 : order_format_1;
    j["id"] = o.id;
    j["authority"] = o.authority;
    auto optional_text = [&](const char* name, const std::string& value) {
        if (!value.empty()) j[name] = value;
    };
    optional_text("legal_basis", o.legal_basis);
    optional_text("category", o.category);
    j["issued"] = format_rfc3339(o.issued);
    if (o.effective != o.issued) j["effective"] = format_rfc3339(o.effective);
    j["expires"] = format_rfc3339(o.expires);
    if (o.deadline) j["deadline"] = format_rfc3339(*o.deadline);
    for (const auto& [language, text] : o.reason) j["reason"][language] = text;
    if (!o.contact.empty()) j["contact"] = o.contact;
    optional_text("reference", o.reference);
    optional_text("clarification", o.clarification);
    if (o.action) j["action"] = to_string(*o.action);
    if (!o.regions.empty()) j["regions"] = o.regions;
    for (const auto& d : o.domains)
        j["targets"].push_back({{"domain", d.name.to_string()}, {"match", to_string(d.match)}});
    for (const auto& p : o.addresses) j["targets"].push_back({{"address", p.to_string()}});
    for (const auto& r : o.revokes) {
        Json one{{"order", r.order}};
        if (r.domain) one["domain"] = r.domain->to_string();
        if (r.domain && r.match != policy::Match::exact) one["match"] = to_string(r.match);
        j["revokes"].push_back(one);
    }
    try {
        return j.dump(2) + "\n";
    } catch (const Json::type_error&) {  // the only reason why a text cannot be written
        throw Error(ErrorKind::usage, msg("order"), msg("has a text with a byte that is not UTF-8"),
                    msg("write its texts in UTF-8"));
    }
}

policy::OrderRecord record_of(const Order& o) {
    policy::OrderRecord r;
    r.action = o.action;
    r.issued = o.issued, r.effective = o.effective, r.expires = o.expires;
    r.deadline = o.deadline.value_or(policy::never);
    r.id = o.id, r.authority = o.authority, r.category = o.category;
    r.regions = o.regions;
    return r;
}

}  // namespace saring::order
