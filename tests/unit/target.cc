// Targets that an order may name, and refusals of others.
#include "order/target.h"

#include "order/parse_stored_order.h"

#include "support.h"

namespace saring::test::target_test {
namespace {

void refused_target(const std::string& text, const std::vector<std::string>& why) {
    INFO(text);
    require_error(
        ErrorKind::usage, [&] { order::parse_domain_target(text, "targets[0].domain"); },
        [&] {
            auto all = why;
            all.push_back("targets[0].domain");
            return all;
        }());
}

}  // namespace

TEST_CASE("A domain is accepted in any letter case and with a final dot") {
    CHECK(order::parse_domain_target("Hoax.Example.", "f") == name("hoax.example"));
    CHECK(order::parse_domain_target("www.hoax.example", "f") == name("www.hoax.example"));
    CHECK(order::parse_domain_target("bücher.example", "f") == name("xn--bcher-kva.example"));
}

TEST_CASE("The URL of a page is refused with the reason and the host") {
    refused_target("https://news.example/politics/hoax.html", {"DNS cannot block a page", "write \"news.example\""});
    refused_target("news.example/politics", {"DNS cannot block a page", "write \"news.example\""});
    refused_target("news.example?id=7", {"DNS cannot block a page", "write \"news.example\""});
    refused_target("news.example#top", {"DNS cannot block a page"});
}

TEST_CASE("A URL without a path is refused with its host") {
    refused_target("https://news.example", {"is a URL", "write \"news.example\""});
    refused_target("https://news.example/", {"is a URL", "write \"news.example\""});
    refused_target("news.example/", {"is a URL", "write \"news.example\""});
}

TEST_CASE("A wildcard is refused with the correct form") {
    refused_target("*.hoax.example", {"is a wildcard", "drop the \"*.\""});
    refused_target("*", {"is a wildcard"});
    refused_target("hoax*.example", {"wildcard inside a label"});
    refused_target("www.*.example", {"wildcard inside a label"});
}

TEST_CASE("An address as a domain is refused with the correct form") {
    refused_target("203.0.113.7", {"is an address", "{\"address\": \"203.0.113.7\"}"});
    refused_target("2001:db8::7", {"is an address", "{\"address\": \"2001:db8::7\"}"});
}

TEST_CASE("An address in fullwidth digits or with a final dot is refused") {
    // Either would list a name that nobody looks up.
    refused_target("203.0.113.7.", {"is an address"});
    refused_target("２０３.0.113.7", {"is an address"});
}

TEST_CASE("The root is refused, as it contains every name") { refused_target(".", {"is the root"}); }

TEST_CASE("A top-level domain is refused") {
    refused_target("example", {"is a top-level domain"});
    refused_target("id.", {"is a top-level domain"});
    refused_target("рф", {"is a top-level domain"});
}

TEST_CASE("A text that is not a name is refused with the field's name") {
    refused_target("", {"is empty"});
    refused_target("hoax..example", {"empty label"});
    refused_target("hoax example.test", {"blank"});
    refused_target(std::string(64, 'a') + ".example", {"63 octets"});
    refused_target("\xff.example", {"international name"});
}

TEST_CASE("A name that no site can have is refused with a suggestion") {
    refused_target("port.example:8040", {"a port", "port.example"});
    refused_target("x.example^", {"\"^\"", "did you mean x.example?"});
    refused_target("at@mail.example", {"mail address", "mail.example"});
    refused_target("back\\slash.example", {"backslash"});
    refused_target("159.323.68.211", {"ends in a number"});
    refused_target("192.0.2.7:443", {"{\"address\": \"192.0.2.7\"}"});
    refused_target("a\\037b.example", {"no site name has"});
    CHECK(order::parse_domain_target("_dmarc.x.example", "f") == name("_dmarc.x.example"));
    CHECK(order::parse_domain_target("a\\.b.example", "f") == name("a\\.b.example"));
}

TEST_CASE("An order that an earlier version accepted stays readable") {
    const std::string document =
        R"({"format": "saring-order/1", "id": "B-1", "authority": "Uji", "issued": "2024-01-01T00:00:00Z",
        "expires": "2199-01-01T00:00:00Z", "targets": [{"domain": "port.example:8040"}, {"domain": "1.2.3"},
        {"domain": "back\\slash.example"}],
        "revokes": [{"order": "B-0", "domain": "x.example^"}]})";
    require_error(ErrorKind::usage, [&] { order::parse_order(document, "order.json"); }, {"port.example:8040"});
    auto order = order::parse_stored_order(document, "order.json");
    REQUIRE(order.domains.size() == 3);
    CHECK(order.domains[0].name == name("port.example:8040"));
    CHECK(order.domains[2].name == name("backslash.example"));
    CHECK(order.revokes.at(0).domain == name("x.example^"));
}

}  // namespace saring::test::target_test
