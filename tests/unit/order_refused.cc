// Errors in an order name the file, the field and the value.
#include "order/order_limits.h"
#include "order/parse_stored_order.h"
#include "order_text.h"

namespace saring::test::order_refused_test {
namespace {

void refused_as(const std::string& field, const Json& value, const std::string& shown) {
    auto j = minimal();
    j[field] = value;
    refused(j, field, shown);
}

}  // namespace

TEST_CASE("An order without a required field is refused with the field's name") {
    for (const char* field : {"format", "id", "authority", "issued", "expires"}) {
        auto j = minimal();
        j.erase(field);
        refused(j, field, "is missing");
    }
}

TEST_CASE("An order without expires is refused with the reason") {
    auto j = minimal();
    j.erase("expires");
    refused(j, "expires", "an order with no end is refused");
}

TEST_CASE("A field of the wrong type is refused") {
    for (const char* field : {"format", "id", "authority", "legal_basis", "category", "issued", "effective", "expires",
                              "deadline", "reference", "clarification", "action"})
        for (const Json& value : {Json(7), Json(nullptr), Json(true), Json::array(), Json::object()})
            refused_as(field, value, "not a string");
    for (const char* field : {"contact", "regions", "targets", "revokes"})
        for (const Json& value : {Json("x"), Json(nullptr), Json::object()}) refused_as(field, value, "not an array");
    refused_as("reason", "a hoax", "not an object");
}

TEST_CASE("An empty text is refused") {
    for (const char* field : {"id", "authority", "legal_basis", "category", "reference"})
        refused_as(field, "", "is empty");
}

TEST_CASE("A text too long for its field is refused") {
    refused_as("authority", std::string(201, 'x'), "200 bytes");
    refused_as("category", std::string(101, 'x'), "100 bytes");
    refused_as("legal_basis", std::string(4001, 'x'), "4000 bytes");
    refused_as("reference", "https://" + std::string(2000, 'x'), "2000 bytes");
}

TEST_CASE("Another format is refused") { refused_as("format", "saring-order/2", "saring-order/2"); }

TEST_CASE("A revocation with match needs the second format, which is for no other order") {
    auto j = minimal();
    j["revokes"] = {{{"order", "B-0"}, {"domain", "fact.example"}, {"match", "subtree"}}};
    refused(j, "revokes[0].match", "saring-order/2");
    j["format"] = "saring-order/2";
    CHECK(read(j).revokes.at(0).match == policy::Match::subtree);
    j["revokes"] = {{{"order", "B-0"}, {"match", "subtree"}}};
    refused(j, "revokes[0]", "domain");
    j["revokes"] = {{{"order", "B-0"}, {"domain", "fact.example"}}};
    refused(j, "format", "saring-order/1");
}

TEST_CASE("A control character in the id is refused") {
    refused_as("id", "B-1\n", "control character");
    refused_as("id", std::string("B\0", 2), "control character");
    refused_as("id", "B\x7f", "control character");
}

TEST_CASE("An id is printable ASCII with single spaces inside") {
    CHECK(read([] {
              auto j = minimal();
              j["id"] = "B 1/2024 (II)";
              return j;
          }())
              .id == "B 1/2024 (II)");
    refused_as("id", "\u0412-1", "beyond ASCII");
    refused_as("id", "B\u200b-1", "beyond ASCII");
    for (const char* id : {" B-1", "B-1 ", "B  1"}) refused_as("id", id, "space");
}

TEST_CASE("A text with an invisible character is refused with its field") {
    // NUL, ESC, C1's CSI, DEL, soft hyphen, zero width space, joiner, direction marks and overrides, line
    // separator, byte order mark, tag, private use, a filler that is blank
    for (const std::string& c :
         {std::string("\0", 1), std::string("\x1b"), std::string("\u009b"), std::string("\x7f"), std::string("\u00ad"),
          std::string("\u200b"), std::string("\u200d"), std::string("\u200f"), std::string("\u202e"),
          std::string("\u2066"), std::string("\u2028"), std::string("\ufeff"), std::string("\U000e0041"),
          std::string("\ue000"), std::string("\u3164")}) {
        for (const char* field : {"authority", "category", "legal_basis"})
            refused_as(field, "Ministry" + c + "x", "U+");
        refused_as("reference", "https://a.example/" + c, "U+");
        refused_as("clarification", "https://a.example/" + c, "U+");
        refused_as("contact", Json::array({"mailto:a" + c + "@b.example"}), "U+");
        refused_as("reason", {{"en", "Hoax" + c}}, "U+");
        refused_as("revokes", Json::array({{{"order", "B-0" + c}}}), "U+");
    }
    refused_as("authority", "Ministry\nof", "U+000A");
    refused_as("authority", "Ministry\u202eof", "U+202E RIGHT-TO-LEFT OVERRIDE");
}

TEST_CASE("A reason and a legal basis may have several lines, in any script") {
    auto j = minimal();
    j["reason"] = {{"en", "First.\n\tSecond."}, {"ar", "\u062e\u062f\u0639\u0629"}, {"jv", "\ua9a7\ua9ae"}};
    j["legal_basis"] = "Article 1\nArticle 2";
    CHECK(read(j).reason.size() == 3);
    CHECK(read(j).legal_basis == "Article 1\nArticle 2");
}

TEST_CASE("A text of spaces only is refused as empty") {
    for (const char* field : {"authority", "legal_basis", "category"}) refused_as(field, "  ", "is empty");
}

TEST_CASE("An array beyond its limit is refused with its field") {
    refused_as("regions", Json(std::vector<std::string>(65536, "ID-JK")), "65536 entries");
    refused_as("regions", Json(std::vector<std::string>(501, "ID-JK")), "at most 500");
    refused_as("contact", Json(std::vector<std::string>(70000, "tel:+62")), "70000 entries");
    refused_as("contact", Json(std::vector<std::string>(21, "tel:+62")), "at most 20");
    refused_as("revokes", Json(std::vector<Json>(100001, {{"order", "B-0"}})), "at most 100000");
    Json reasons;
    for (int i = 0; i < 21; ++i) reasons["x-" + std::to_string(i)] = "a";
    refused_as("reason", reasons, "at most 20");
    auto j = minimal();
    j["regions"] = std::vector<std::string>(500, "ID-JK");
    j["contact"] = std::vector<std::string>(20, "tel:+62");
    CHECK(read(j).regions == std::vector<std::string>{"ID-JK"});  // without duplicates
}

TEST_CASE("A language tag is letters, digits and hyphens") {
    refused_as("reason", {{"e\nn", "x"}}, "not a language tag");
    refused_as("reason", {{"../en", "x"}}, "not a language tag");
}

TEST_CASE("A web address or a contact with an invalid character is refused") {
    for (const char* bad : {"https://a.example/ b", "https://a.example/\"", "https://a.example/<b>"})
        refused_as("reference", bad, bad);
    refused_as("contact", Json::array({"mailto:a@b.example <script>"}), "mailto:a@b.example <script>");
}

TEST_CASE("A revocation whose order and name do not fit in one database key is refused") {
    std::string label, name;
    for (int i = 0; i < 60; ++i) label += "\\000";
    for (int i = 0; i < 4; ++i) name += label + ".";
    name += "example";
    refused_as("revokes", Json::array({{{"order", std::string(200, 'B')}, {"domain", name}}}), "revokes[0]");
}

TEST_CASE("A document with a NUL byte is refused") {
    auto text = minimal().dump();
    for (const auto& behind : {std::string(1, '\0'), std::string("\0{}", 3), std::string(1, '\0') + text})
        require_error(ErrorKind::usage, [&] { order::parse_order(text + behind, "orders/b1.json"); },
                      {"orders/b1.json", "NUL byte"});
}

TEST_CASE("A document that is too large is refused unread") {
    require_error(ErrorKind::usage,
                  [] { order::parse_order(std::string(order::max_order_document + 1, ' '), "orders/b1.json"); },
                  {"67108865 bytes"});
}

TEST_CASE("An order stored before a limit existed stays readable") {
    auto j = minimal();
    j["id"] = "\u0412-1";
    j["authority"] = "Ministry\x1b[2J";
    j["regions"] = std::vector<std::string>(600, "ID-JK");
    CHECK(order::parse_stored_order(j.dump(), "order").authority == "Ministry\x1b[2J");
    require_error(ErrorKind::usage, [&] { read(j); });
}

TEST_CASE("Ids that look alike have the same likeness, and other ids do not") {
    CHECK(order::id_likeness("B-10/l") == order::id_likeness("b-IO/1"));
    CHECK(order::id_likeness("B-1/2024") != order::id_likeness("B-2/2024"));
}

TEST_CASE("An invalid time is refused with its value") {
    for (const char* field : {"issued", "effective", "expires", "deadline"}) refused_as(field, "tomorrow", "tomorrow");
}

TEST_CASE("An order that ends before it takes effect is refused") {
    refused_as("expires", "2024-01-01T00:00:00Z", "is not after effective");
    auto j = minimal();
    j["effective"] = "2026-01-01T00:00:00Z";
    refused(j, "expires", "2025-01-01T00:00:00Z");
}

TEST_CASE("An unknown action is refused with the known ones") {
    refused_as("action", "block", "\"block\"");
    refused_as("action", "NXDOMAIN", "nxdomain, nodata");
}

TEST_CASE("A region that is not an ISO 3166-2 code is refused") {
    for (const char* code : {"ID", "ID-", "id-jk", "ID-jk", "ID_JK", "I1-JK", "IDJK", "ID-J K"}) {
        auto j = minimal();
        j["regions"] = {code};
        refused(j, "regions[0]", code);
    }
}

TEST_CASE("An empty list of regions is refused, as it could mean everywhere") {
    refused_as("regions", Json::array(), "is empty");
}

TEST_CASE("A contact that is neither mail nor telephone is refused") {
    auto j = minimal();
    j["contact"] = {"mailto:a@b.example", "a@b.example"};
    refused(j, "contact[1]", "a@b.example");
}

TEST_CASE("A web address of another scheme is refused") {
    refused_as("reference", "javascript:alert(1)", "javascript:alert(1)");
    refused_as("clarification", "ftp://facts.example", "ftp://facts.example");
}

TEST_CASE("A reason is refused when its language or text is empty") {
    refused_as("reason", {{"en", ""}}, "is empty");
    refused_as("reason", {{"", "x"}}, "not a language tag");
    refused_as("reason", {{"en", 7}}, "not a string");
}

TEST_CASE("An order without targets and revocations is refused") {
    auto j = minimal();
    j["targets"] = Json::array();
    refused(j, "targets", "is empty");
    j.erase("targets");
    refused(j, "targets", "is empty");
}

TEST_CASE("A wrong target is refused with its index") {
    auto target = [](const Json& t, const std::string& field, const std::string& value) {
        auto j = minimal();
        j["targets"].push_back(t);
        refused(j, field, value);
    };
    target(Json::object(), "targets[1]", "has no target");
    target("hoax.example", "targets[1]", "has no target");
    target({{"domain", "a.example"}, {"address", "203.0.113.7"}}, "targets[1]", "either");
    target({{"domain", "a..example"}}, "targets[1].domain", "a..example");
    target({{"domain", "a.example"}, {"match", "wildcard"}}, "targets[1].match", "wildcard");
    target({{"address", "203.0.113.1/24"}}, "targets[1].address", "203.0.113.1/24");
    target({{"address", "203.0.113.7"}, {"match", "exact"}}, "targets[1].match", "unknown");
    target({{"domain", "a.example"}, {"matches", "exact"}}, "targets[1].matches", "unknown");
}

TEST_CASE("A wrong revocation is refused with its index") {
    auto revocation = [](const Json& r, const std::string& field, const std::string& value) {
        auto j = minimal();
        j["revokes"] = Json::array({r});
        refused(j, field, value);
    };
    revocation(Json::object(), "revokes[0]", "has no order");
    revocation("B-0", "revokes[0]", "not an object");
    revocation({{"domain", "a.example"}}, "revokes[0]", "has no order");
    revocation({{"order", ""}}, "revokes[0].order", "is empty");
    revocation({{"order", "B-0"}, {"domain", "example"}}, "revokes[0].domain", "top-level");
    revocation({{"order", "B-0"}, {"address", "203.0.113.7"}}, "revokes[0].address", "unknown");
}

}  // namespace saring::test::order_refused_test
