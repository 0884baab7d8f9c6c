// Addresses of a ClickHouse server: accepted ones, and refusals before any connection.
#include "ship/ship_url.h"
#include "../config_text.h"

namespace saring::test::ship_ship_url_test {
namespace {

ship::ShipUrl parsed(const std::string& url) {
    config::ShipConfig c;
    c.url = url;
    return ship::parse_ship_url(c);
}

void refused(const std::string& url, const std::string& fragment) {
    INFO(url);
    require_error(ErrorKind::usage, [&] { parsed(url); }, {fragment});
}

}  // namespace

TEST_CASE("A server's URL is split into its parts") {
    auto u = parsed("https://sa%40ring@clickhouse.example:8443/fleet/");
    CHECK(u.base == "https://clickhouse.example:8443/");
    CHECK(u.user == "sa@ring");
    CHECK(u.database == "fleet");
    CHECK(parsed("http://127.0.0.1:8123").database == "saring");
    CHECK(parsed("http://[::1]:8123/").base == "http://[::1]:8123/");
}

TEST_CASE("Unsafe server URLs are refused") {
    refused("http://clickhouse.example:8123/saring", "is not encrypted");
    refused("ftp://clickhouse.example/", "is neither http nor https");
    refused("https://clickhouse.example/?database=x", "has a query");
    refused("https://clickhouse.example/#x", "has a fragment");
    refused("https://clickhouse.example/a/b", "not a plain identifier");
    refused("https://clickhouse.example/a%27b", "not a plain identifier");
    refused("clickhouse", "is not a web address");
    refused("https://", "is not a web address");
}

TEST_CASE("A password in a server's URL is refused without repeating it") {
    auto e = error_of([] { parsed("https://saring:geheim@clickhouse.example/"); });
    REQUIRE(e);
    CHECK_THAT(std::string(e->what()), Catch::Contains("contains a password") && !Catch::Contains("geheim"));
}

TEST_CASE("User and database may be in the URL or in options, but not differ") {
    config::ShipConfig c;
    c.url = "https://a@clickhouse.example/one";
    c.user = "b";
    require_error(ErrorKind::usage, [&] { ship::parse_ship_url(c); }, {"user", "\"a\"", "\"b\""});
    c.user = "a";
    c.database = "two";
    require_error(ErrorKind::usage, [&] { ship::parse_ship_url(c); }, {"database", "\"one\"", "\"two\""});
    c.url = "http://clickhouse.example/";
    c.insecure_http = true;
    CHECK(ship::parse_ship_url(c).database == "two");
}

TEST_CASE("[ship] is read with all its options, and has the documented defaults") {
    auto s = load(
                 "[ship]\nurl = \"https://x.example/\"\nuser = \"u\"\npassword_file = \"/p\"\ndatabase = "
                 "\"d\"\nca_file = \"/ca\"\ninsecure_http = true\n"
                 "consumer = \"c\"\nbatch = 7\ninterval_seconds = 3\ntimeout_seconds = 4\nretries = 0\n")
                 .ship;
    CHECK((s.url == "https://x.example/" && s.user == "u" && s.password_file == "/p" && s.database == "d" &&
           s.ca_file == "/ca"));
    CHECK((s.insecure_http && s.consumer == "c" && s.batch == 7 && s.interval_seconds == 3 && s.timeout_seconds == 4 &&
           s.retries == 0));
    auto d = load("").ship;
    CHECK((d.url.empty() && d.consumer.empty() && !d.insecure_http && d.batch == 50000 && d.interval_seconds == 10 &&
           d.timeout_seconds == 60 && d.retries == 4));
    refused_config("[ship]\nconsumer = \"a/b\"\n", "2:12", {"option ship.consumer is \"a/b\""});
    refused_config("[ship]\nbatch = 0\n", "2:9", {"option ship.batch is 0, out of range"});
}

}  // namespace saring::test::ship_ship_url_test
