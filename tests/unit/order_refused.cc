// Every complaint about an order names the file, the field and the value.
#include "order_text.h"

namespace saring::test {
namespace {

void refused_as(const std::string& field, const Json& value, const std::string& shown) {
    auto j = minimal();
    j[field] = value;
    refused(j, field, shown);
}

}  // namespace

TEST_CASE("An order without a required field is refused by its name") {
    for (const char* field : {"format", "id", "authority", "issued", "expires"}) {
        auto j = minimal();
        j.erase(field);
        refused(j, field, "is missing");
    }
}

TEST_CASE("An order without an end is refused with that reason") {
    auto j = minimal();
    j.erase("expires");
    refused(j, "expires", "an order with no end is refused");
}

TEST_CASE("A field of the wrong kind is refused") {
    for (const char* field : {"format", "id", "authority", "legal_basis", "category", "issued", "effective", "expires", "deadline",
                              "reference", "clarification", "action"})
        for (const Json& value : {Json(7), Json(nullptr), Json(true), Json::array(), Json::object()}) refused_as(field, value, "not a string");
    for (const char* field : {"contact", "regions", "targets", "revokes"})
        for (const Json& value : {Json("x"), Json(nullptr), Json::object()}) refused_as(field, value, "not an array");
    refused_as("reason", "a hoax", "not an object");
}

TEST_CASE("An empty text is refused") {
    for (const char* field : {"id", "authority", "legal_basis", "category", "reference"}) refused_as(field, "", "is empty");
}

TEST_CASE("A text too long for its field is refused") {
    refused_as("authority", std::string(201, 'x'), "200 bytes");
    refused_as("category", std::string(101, 'x'), "100 bytes");
    refused_as("legal_basis", std::string(4001, 'x'), "4000 bytes");
    refused_as("reference", "https://" + std::string(2000, 'x'), "2000 bytes");
}

TEST_CASE("Another format is refused") { refused_as("format", "saring-order/2", "saring-order/2"); }

TEST_CASE("A control character in the id is refused") {
    refused_as("id", "B-1\n", "control character");
    refused_as("id", std::string("B\0", 2), "control character");
    refused_as("id", "B\x7f", "control character");
}

TEST_CASE("A time that is none is refused with its value") {
    for (const char* field : {"issued", "effective", "expires", "deadline"}) refused_as(field, "tomorrow", "tomorrow");
}

TEST_CASE("An order that ends before it takes effect is refused") {
    refused_as("expires", "2024-01-01T00:00:00Z", "is not after effective");
    auto j = minimal();
    j["effective"] = "2026-01-01T00:00:00Z";
    refused(j, "expires", "2025-01-01T00:00:00Z");
}

TEST_CASE("An unknown action is refused with the words that are known") {
    refused_as("action", "block", "\"block\"");
    refused_as("action", "NXDOMAIN", "nxdomain, nodata");
}

TEST_CASE("A region that is no ISO 3166-2 code is refused") {
    for (const char* code : {"ID", "ID-", "id-jk", "ID-jk", "ID_JK", "I1-JK", "IDJK", "ID-J K"}) {
        auto j = minimal();
        j["regions"] = {code};
        refused(j, "regions[0]", code);
    }
}

TEST_CASE("An empty list of regions is refused as it could be read as everywhere") { refused_as("regions", Json::array(), "is empty"); }

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
    refused_as("reason", {{"", "x"}}, "no language tag");
    refused_as("reason", {{"en", 7}}, "not a string");
}

TEST_CASE("An order about nothing is refused") {
    auto j = minimal();
    j["targets"] = Json::array();
    refused(j, "targets", "is empty");
    j.erase("targets");
    refused(j, "targets", "is empty");
}

TEST_CASE("A target is refused with its place in the list") {
    auto target = [](const Json& t, const std::string& field, const std::string& value) {
        auto j = minimal();
        j["targets"].push_back(t);
        refused(j, field, value);
    };
    target(Json::object(), "targets[1]", "names no target");
    target("hoax.example", "targets[1]", "names no target");
    target({{"domain", "a.example"}, {"address", "203.0.113.7"}}, "targets[1]", "either");
    target({{"domain", "a..example"}}, "targets[1].domain", "a..example");
    target({{"domain", "a.example"}, {"match", "wildcard"}}, "targets[1].match", "wildcard");
    target({{"address", "203.0.113.1/24"}}, "targets[1].address", "203.0.113.1/24");
    target({{"address", "203.0.113.7"}, {"match", "exact"}}, "targets[1].match", "unknown");
    target({{"domain", "a.example"}, {"matches", "exact"}}, "targets[1].matches", "unknown");
}

TEST_CASE("A revocation is refused with its place in the list") {
    auto revocation = [](const Json& r, const std::string& field, const std::string& value) {
        auto j = minimal();
        j["revokes"] = Json::array({r});
        refused(j, field, value);
    };
    revocation(Json::object(), "revokes[0]", "names no order");
    revocation("B-0", "revokes[0]", "not an object");
    revocation({{"domain", "a.example"}}, "revokes[0]", "names no order");
    revocation({{"order", ""}}, "revokes[0].order", "is empty");
    revocation({{"order", "B-0"}, {"domain", "example"}}, "revokes[0].domain", "top-level");
    revocation({{"order", "B-0"}, {"address", "203.0.113.7"}}, "revokes[0].address", "unknown");
}

}  // namespace saring::test
