#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_field.h"
#include "receipt/receipt.h"

namespace saring::receipt {
namespace {

using Json = nlohmann::ordered_json;

// Reads the members of one object by name; refuses unknown and missing ones.
class Fields {
public:
    Fields(const Json& j, std::string where) : j_(j), where_(std::move(where)) {
        if (!j.is_object()) fail("", msg("is not an object"), msg("write {...}"));
    }
    [[noreturn]] void fail(const std::string& field, const Message& why, const Message& remedy) const {
        throw Error(ErrorKind::usage, where_ + (field.empty() ? "" : msg(": field %1", field)), why, remedy);
    }
    const Json& at(const char* field) {
        ++taken_;
        auto found = j_.find(field);
        if (found == j_.end()) fail(field, msg("is missing"), msg("take a receipt as `receipt make` wrote it"));
        return *found;
    }
    std::string text(const char* field) {
        const auto& v = at(field);
        if (!v.is_string()) fail(field, msg("is not a string"), msg("write it in quotes"));
        return v.get<std::string>();
    }
    std::string digits(const char* field) {
        auto v = text(field);
        if (v.size() != 64 || v.find_first_not_of("0123456789abcdef") != std::string::npos)
            fail(field, msg("\"%1\" is not a digest", v), msg("write 64 hex digits"));
        return v;
    }
    std::uint64_t number(const char* field) {
        const auto& v = at(field);
        if (!v.is_number_unsigned()) fail(field, msg("is not a whole number"), msg("write 0 or more"));
        return v.get<std::uint64_t>();
    }
    UnixTime time(const char* field) { return parse_rfc3339(text(field), where_ + ": field " + field); }
    UnixTime time_or_never(const char* field) {
        auto found = j_.find(field);
        return found != j_.end() && found->is_null() ? (++taken_, policy::never) : time(field);
    }
    void done() const {
        if (j_.size() == taken_) return;
        for (const auto& [name, value] : j_.items())
            if (std::find(known_.begin(), known_.end(), name) == known_.end())
                fail(name, msg("is unknown"), msg("take a receipt as `receipt make` wrote it"));
    }
    void knows(std::vector<std::string> names) { known_ = std::move(names); }

private:
    const Json& j_;
    std::string where_;
    std::size_t taken_ = 0;
    std::vector<std::string> known_;
};

Json time_json(UnixTime t) { return t == policy::never ? Json(nullptr) : Json(format_rfc3339(t)); }

void parse_lifted(Fields& f, const std::string& where, ReceiptOrder& o) {
    const auto& lifted = f.at("lifted");
    if (!lifted.is_array()) f.fail("lifted", msg("is not an array"), msg("write it in [ ]"));
    for (const auto& l : lifted) {
        Fields t(l, where + ": field lifted");
        t.knows({"name", "by", "at"});
        o.lifted.push_back({t.text("name"), t.text("by"), t.time("at")});
        t.done();
    }
}

ReceiptOrder parse_order_entry(const Json& j, const std::string& where) {
    Fields f(j, where);
    f.knows({"order", "authority", "digest", "kind", "status", "action", "applied", "serial", "deadline",
             "deadline_met", "expires", "revoked", "revoked_by", "names", "addresses", "passed", "lifted",
             "quarantined", "idle_lifts"});
    ReceiptOrder o;
    o.order = f.text("order");
    o.authority = f.text("authority");
    o.digest = f.digits("digest");
    o.status = f.text("status");
    constexpr const char* statuses[] = {"scheduled",   "rehearsed", "applied", "already blocked",
                                        "quarantined", "expired",   "revoked"};
    if (std::find(std::begin(statuses), std::end(statuses), o.status) == std::end(statuses))
        f.fail("status", msg("\"%1\" is unknown", o.status), msg("see the receipt format"));
    // Receipts of older versions lack these and idle_lifts below.
    if (j.contains("kind")) {
        o.kind = f.text("kind");
        if (o.kind != "block" && o.kind != "lift" && o.kind != "block and lift")
            f.fail("kind", msg("\"%1\" is unknown", o.kind), msg("see the receipt format"));
    }
    if (j.contains("lifted")) parse_lifted(f, where, o);
    if (j.contains("action")) o.action = to_string(policy::parse_action(f.text("action"), where + ": field action"));
    if (j.contains("passed")) o.passed = f.number("passed");
    if (!o.action.empty() && o.status == "rehearsed" && !o.rehearsed())
        f.fail("status", msg("contradicts action"), msg("do not trust this receipt"));
    o.applied = f.time("applied");
    o.serial = f.number("serial");
    o.deadline = f.time_or_never("deadline");
    // For people; it must agree with the two times.
    const auto& met = f.at("deadline_met");
    if (met != (o.deadline == policy::never ? Json(nullptr) : Json(o.deadline_met())))
        f.fail("deadline_met", msg("contradicts applied, deadline and action"), msg("do not trust this receipt"));
    o.expires = f.time("expires");
    o.revoked = f.time_or_never("revoked");
    const auto& by = f.at("revoked_by");
    if (!by.is_null() && !by.is_string())
        f.fail("revoked_by", msg("is not a string"), msg("write it in quotes, or null"));
    if (by.is_string()) o.revoked_by = by.get<std::string>();
    o.names = f.number("names");
    o.addresses = f.number("addresses");
    const auto& held = f.at("quarantined");
    if (!held.is_array()) f.fail("quarantined", msg("is not an array"), msg("write it in [ ]"));
    for (const auto& h : held) {
        Fields t(h, where + ": field quarantined");
        t.knows({"target", "reason"});
        o.quarantined.push_back({t.text("target"), t.text("reason")});
        t.done();
    }
    if (j.contains("idle_lifts")) {
        const auto& idle = f.at("idle_lifts");
        if (!idle.is_array()) f.fail("idle_lifts", msg("is not an array"), msg("write it in [ ]"));
        for (const auto& why : idle) {
            if (!why.is_string()) f.fail("idle_lifts", msg("is not a string"), msg("write it in quotes"));
            o.idle_lifts.push_back(why.get<std::string>());
        }
    }
    f.done();
    return o;
}

}  // namespace

Bytes format_receipt(const Receipt& r) {
    Json j{{"format", format_name},
           {"isp", r.isp},
           {"made", format_rfc3339(r.made)},
           {"database", {{"serial", r.serial}, {"journal", r.journal.empty() ? Json(nullptr) : Json(r.journal)}}},
           {"orders", Json::array()}};
    for (const auto& o : r.orders) {
        Json held = Json::array();
        for (const auto& h : o.quarantined) held.push_back({{"target", h.target}, {"reason", h.reason}});
        Json lifted = Json::array();
        for (const auto& l : o.lifted) lifted.push_back({{"name", l.name}, {"by", l.by}, {"at", format_rfc3339(l.at)}});
        j["orders"].push_back({{"order", o.order},
                               {"authority", o.authority},
                               {"digest", o.digest},
                               {"kind", o.kind},
                               {"status", o.status},
                               {"action", o.action},
                               {"applied", format_rfc3339(o.applied)},
                               {"serial", o.serial},
                               {"deadline", time_json(o.deadline)},
                               {"deadline_met", o.deadline == policy::never ? Json(nullptr) : Json(o.deadline_met())},
                               {"expires", format_rfc3339(o.expires)},
                               {"revoked", time_json(o.revoked)},
                               {"revoked_by", o.revoked == policy::never ? Json(nullptr) : Json(o.revoked_by)},
                               {"names", o.names},
                               {"addresses", o.addresses},
                               {"passed", o.passed},
                               {"lifted", lifted},
                               {"quarantined", held},
                               {"idle_lifts", o.idle_lifts}});
    }
    j["selftest"] = r.selftest.empty() ? Json(nullptr) : Json::parse(r.selftest);
    return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Receipt parse_receipt(ByteView document, const std::string& source) {
    Json j = parse_strict_json(document, source);
    Fields f(j, source);
    f.knows({"format", "isp", "made", "database", "orders", "selftest"});
    auto format = f.text("format");
    if (format != format_name) f.fail("format", msg("is \"%1\"", format), msg("this program reads %1", format_name));
    Receipt r;
    r.isp = f.text("isp");
    if (r.isp.empty()) f.fail("isp", msg("is empty"), msg("a receipt names who made it"));
    r.made = f.time("made");
    Fields database(f.at("database"), source + ": field database");
    database.knows({"serial", "journal"});
    r.serial = database.number("serial");
    if (r.serial > 0) r.journal = database.digits("journal");
    else database.at("journal");
    database.done();
    const auto& orders = f.at("orders");
    if (!orders.is_array()) f.fail("orders", msg("is not an array"), msg("write it in [ ]"));
    for (std::size_t i = 0; i < orders.size(); ++i)
        r.orders.push_back(parse_order_entry(orders[i], source + ": orders[" + std::to_string(i) + "]"));
    const auto& selftest = f.at("selftest");
    if (!selftest.is_null()) r.selftest = selftest.dump();
    f.done();
    return r;
}

}  // namespace saring::receipt
