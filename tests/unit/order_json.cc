// The JSON syntax of orders: strict, and no input crashes the parser.
#include "order_text.h"

namespace saring::test::order_json_test {
namespace {

void not_an_order(const std::string& document, const std::string& why) {
    INFO(document.substr(0, 200));
    require_error(ErrorKind::usage, [&] { order::parse_order(document, "orders/b1.json"); }, {"orders/b1.json", why});
}

}  // namespace

TEST_CASE("An unknown field is refused by name, with the known fields") {
    auto j = minimal();
    j["expiry"] = "2025-01-01T00:00:00Z";
    refused(j, "expiry", "is unknown");
    require_error(ErrorKind::usage, [&] { read(j); }, {"expires", "targets"});
}

TEST_CASE("A repeated field is refused, as programs would read different orders") {
    auto text = minimal().dump();
    text.insert(1, "\"id\":\"B-2\",");
    not_an_order(text, "field id: appears twice");
}

TEST_CASE("A repeated field of a target is refused") {
    auto text = minimal().dump();
    auto place = text.find("{\"domain\"");
    REQUIRE(place != std::string::npos);
    text.insert(place + 1, "\"domain\":\"fact.example\",");
    not_an_order(text, "field domain: appears twice");
}

TEST_CASE("A field repeated under an escaped spelling is refused") {
    auto text = minimal().dump();
    text.insert(1, "\"\\u0069d\":\"B-2\",");
    not_an_order(text, "field id: appears twice");
}

TEST_CASE("The same field in two targets is not a repetition") {
    auto j = minimal();
    j["targets"].push_back({{"domain", "other.example"}});
    CHECK(read(j).domains.size() == 2);
}

TEST_CASE("Invalid JSON is refused") {
    for (const char* text : {"", "{", "}", "{\"id\"", "{\"id\":}", "id", "{} {}", "{'id':1}", "{\"id\":\"\xff\"}",
                             "{\"id\":\"\n\"}", "// comment\n{}"})
        not_an_order(text, "is not JSON");
}

TEST_CASE("JSON other than an object is refused") {
    for (const char* text : {"[]", "\"order\"", "7", "null", "true"}) not_an_order(text, "is not a JSON object");
}

TEST_CASE("A number beyond any range is refused") {
    not_an_order("{\"id\":1e999}", "is not JSON");
    not_an_order("{\"id\":-1e999}", "is not JSON");
}

TEST_CASE("Deeply nested JSON is refused without harm") {
    not_an_order(std::string(100000, '['), "nested deeper");
    auto text = minimal().dump();
    text.insert(1, "\"reason\":" + std::string(50000, '[') + std::string(50000, ']') + ",");
    not_an_order(text, "nested deeper");
}

TEST_CASE("An order truncated at any byte is refused") {
    auto text = minimal().dump();
    for (std::size_t n = 0; n < text.size(); ++n)
        if (!error_of([&] { order::parse_order(std::string_view(text).substr(0, n), "f"); })) FAIL("accepted at " << n);
}

TEST_CASE("An order with one byte altered is refused or read and never crashes") {
    auto text = minimal().dump();
    Random random(40);
    for (int round = 0; round < 5000; ++round) {
        auto altered = text;
        altered[random.below(altered.size())] = static_cast<char>(random.octet());
        auto e = error_of([&] { order::parse_order(altered, "f"); });
        if (e && e->kind() != ErrorKind::usage) FAIL(altered);
    }
}

}  // namespace saring::test::order_json_test
