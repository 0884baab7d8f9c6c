// feed.json: valid manifests and refusals.
#include "feed/manifest.h"

#include <nlohmann/json.hpp>

#include "support.h"

namespace saring::test::manifest_test {
namespace {

using Json = nlohmann::ordered_json;

const std::string hash(64, 'a');

Json one_order() {
    return {{"id", "B-1/2024"},
            {"path", "orders/1.json"},
            {"sha256", hash},
            {"size", 443},
            {"signatures", Json::array({{{"path", "orders/1.json.minisig"}, {"sha256", hash}, {"size", 300}}})}};
}

Json minimal() {
    return {{"format", "saring-feed/1"},
            {"name", "ministry"},
            {"serial", 7},
            {"generated", "2024-01-01T00:00:00Z"},
            {"valid_until", "2024-01-15T00:00:00Z"},
            {"orders", Json::array({one_order()})}};
}

feed::Manifest read(const Json& j) { return feed::parse_manifest(j.dump(), "feed.json"); }

void refused(const Json& j, const std::vector<std::string>& fragments) {
    INFO(j.dump());
    auto all = fragments;
    all.push_back("feed.json");
    require_error(
        ErrorKind::usage, [&] { read(j); }, all);
}

}  // namespace

TEST_CASE("A manifest is read with all its fields") {
    auto m = read(minimal());
    CHECK(m.name == "ministry");
    CHECK(m.serial == 7);
    CHECK(m.generated == at("2024-01-01T00:00:00Z"));
    CHECK(m.valid_until == at("2024-01-15T00:00:00Z"));
    REQUIRE(m.orders.size() == 1);
    CHECK(m.orders[0] ==
          feed::FeedOrder{"B-1/2024", {"orders/1.json", hash, 443}, {{"orders/1.json.minisig", hash, 300}}});
}

TEST_CASE("A written manifest is read back the same") {
    auto m = read(minimal());
    auto again = feed::parse_manifest(format_manifest(m), "feed.json");
    CHECK(again.orders == m.orders);
    CHECK(again.serial == m.serial);
    CHECK(again.valid_until == m.valid_until);
    m.orders.clear();
    CHECK(feed::parse_manifest(format_manifest(m), "feed.json").orders.empty());
}

TEST_CASE("A manifest without a field is refused with the field's name") {
    for (const char* field : {"format", "name", "serial", "generated", "valid_until", "orders"}) {
        auto j = minimal();
        j.erase(field);
        refused(j, {std::string("field ") + field + ": is missing"});
    }
    for (const char* field : {"id", "path", "sha256", "size", "signatures"}) {
        auto j = minimal();
        j["orders"][0].erase(field);
        refused(j, {std::string("field orders[0].") + field + ": is missing"});
    }
    for (const char* field : {"path", "sha256", "size"}) {
        auto j = minimal();
        j["orders"][0]["signatures"][0].erase(field);
        refused(j, {std::string("field orders[0].signatures[0].") + field + ": is missing"});
    }
}

TEST_CASE("An unknown field of a manifest is refused at every level") {
    auto j = minimal();
    j["colour"] = 1;
    refused(j, {"field colour: is unknown", "valid_until"});
    j = minimal();
    j["orders"][0]["colour"] = 1;
    refused(j, {"field orders[0].colour: is unknown"});
    j = minimal();
    j["orders"][0]["signatures"][0]["key"] = "x";
    refused(j, {"field orders[0].signatures[0].key: is unknown"});
}

TEST_CASE("A path in a manifest cannot leave its directory") {
    for (const char* path : {"../x", "a/../x", "/x", "a//b", "a/", "./a", ".a", "a/.b", "a b", "a\\b", "a%2fb",
                             "https://x", "a?b", "a#b", "\xc3\xa9"}) {
        auto j = minimal();
        j["orders"][0]["path"] = path;
        refused(j, {"field orders[0].path"});
        j = minimal();
        j["orders"][0]["signatures"][0]["path"] = path;
        refused(j, {"field orders[0].signatures[0].path"});
    }
    for (const char* path : {"a", "a/b/c.json", "A-b_c.1", "a..b"}) {
        auto j = minimal();
        j["orders"][0]["path"] = path;
        CHECK(read(j).orders[0].file.path == path);
    }
}

TEST_CASE("A manifest's numbers have bounds") {
    auto with = [](const char* field, const Json& value) {
        auto j = minimal();
        j[field] = value;
        return j;
    };
    for (const Json& value : {Json(0), Json(-1), Json(1.5), Json("7"), Json(feed::max_feed_serial + 1), Json(nullptr)})
        refused(with("serial", value), {"field serial"});
    CHECK(read(with("serial", feed::max_feed_serial)).serial == feed::max_feed_serial);
    for (const Json& value : {Json(0), Json(-1), Json(1e9), Json(std::uint64_t{1} << 40)}) {
        auto j = minimal();
        j["orders"][0]["size"] = value;
        refused(j, {"field orders[0].size"});
        j = minimal();
        j["orders"][0]["signatures"][0]["size"] = value;
        refused(j, {"field orders[0].signatures[0].size"});
    }
}

TEST_CASE("A hash in a manifest is sixty-four lower-case hex digits") {
    for (const std::string& value :
         {std::string(63, 'a'), std::string(64, 'A'), std::string(64, 'g'), std::string(65, 'a')}) {
        auto j = minimal();
        j["orders"][0]["sha256"] = value;
        refused(j, {"field orders[0].sha256"});
    }
}

TEST_CASE("An order or a file twice in a manifest is refused") {
    auto j = minimal();
    j["orders"].push_back(one_order());
    refused(j, {"B-1/2024 appears twice"});
    auto other = one_order();
    other["id"] = "B-2";
    j = minimal();
    j["orders"].push_back(other);
    refused(j, {"a path of order B-2 appears twice"});
    j = minimal();
    j["orders"][0]["signatures"][0]["path"] = "orders/1.json";
    refused(j, {"appears twice"});
}

TEST_CASE("An order in a manifest has at least one signature and not too many") {
    auto j = minimal();
    j["orders"][0]["signatures"] = Json::array();
    refused(j, {"field orders[0].signatures: is empty"});
    for (int i = 0; i < 33; ++i)
        j["orders"][0]["signatures"].push_back({{"path", "s" + std::to_string(i)}, {"sha256", hash}, {"size", 1}});
    refused(j, {"has 33 entries"});
}

TEST_CASE("A manifest whose valid_until is not after generated is refused") {
    auto j = minimal();
    j["valid_until"] = j["generated"];
    refused(j, {"field valid_until", "not after generated"});
}

TEST_CASE("Another format and other documents are refused as a manifest") {
    auto j = minimal();
    j["format"] = "saring-feed/2";
    refused(j, {"\"saring-feed/2\"", "saring-feed/1"});
    for (const char* text : {"", "[]", "{", "7", "<html>", "\xff"})
        require_error(ErrorKind::usage, [&] { feed::parse_manifest(text, "feed.json"); }, {"feed.json"});
    auto text = minimal().dump();
    text.insert(1, "\"serial\": 9, ");
    require_error(ErrorKind::usage, [&] { feed::parse_manifest(text, "feed.json"); }, {"field serial: appears twice"});
}

TEST_CASE("A manifest's signature is named after the manifest's SHA-256") {
    CHECK(feed::manifest_signature_path("abc") ==
          "signatures/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.minisig");
}

}  // namespace saring::test::manifest_test
