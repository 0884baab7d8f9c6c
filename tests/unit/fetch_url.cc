// A feed's URL is checked before any connection.
#include <set>

#include "fetch/backoff.h"
#include "fetch/url.h"
#include "support.h"

namespace saring::test::fetch_url_test {
namespace {

fetch::FetchUrl parsed(const std::string& url, bool insecure = false, bool is_file = false) {
    config::FeedConfig feed;
    feed.name = "ministry";
    feed.url = url;
    feed.insecure_http = insecure;
    return fetch::parse_fetch_url(feed, url, is_file);
}

void refused(const std::string& url, const std::string& why, bool insecure = false) {
    INFO(url);
    require_error(ErrorKind::usage, [&] { parsed(url, insecure); }, {"feed ministry", why});
}

}  // namespace

TEST_CASE("A feed's URL is a directory, with or without a slash, or the manifest") {
    for (const char* url : {"https://feed.example/a", "https://feed.example/a/", "https://feed.example/a/feed.json"})
        CHECK(parsed(url).base == "https://feed.example/a/");
    CHECK(parsed("https://feed.example").base == "https://feed.example/");
    CHECK(parsed("https://feed.example:8443/").base == "https://feed.example:8443/");
    for (const char* url : {"file:///srv/feed", "file:///srv/feed/", "file:///srv/feed/feed.json"})
        CHECK(parsed(url).base == "/srv/feed/");
    CHECK(parsed("https://feed.example/list.txt", false, true).base == "https://feed.example/list.txt");
    CHECK(parsed("file:///srv/list.txt", false, true).base == "/srv/list.txt");
}

TEST_CASE("Plain HTTP is accepted only for loopback addresses and with insecure_http") {
    for (const char* url : {"http://127.0.0.1:80/", "http://127.8.9.1/", "http://[::1]:80/"}) {
        refused(url, "not encrypted");
        CHECK_FALSE(parsed(url, true).secure);
    }
    for (const char* url : {"http://feed.example/", "http://192.0.2.1/", "http://localhost/",
                            "http://127.0.0.1.example/", "http://[2001:db8::1]/"})
        refused(url, "another machine", true);
    CHECK(parsed("https://feed.example/").secure);
}

TEST_CASE("Forbidden parts of a feed's URL are refused by name") {
    refused("", "not a web address");
    refused("feed.example", "not a web address");
    refused("https://", "not a web address");
    refused("gopher://feed.example/", "neither https nor file");
    refused("https://feed.example/?x=1", "query");
    refused("https://feed.example/#x", "fragment");
    refused("file://srv/feed", "absolute path");
    refused("file:///srv/a%20b", "'%'");
    refused("https://ani:secret@feed.example/", "user name or password");
    auto e = error_of([] { parsed("https://ani:secret@feed.example/"); });
    REQUIRE(e);
    CHECK_THAT(std::string(e->what()), !Catch::Contains("secret"));
}

TEST_CASE("Delays between attempts double from 0.5 to 30 seconds, minus a random part") {
    using namespace std::chrono_literals;
    fetch::Backoff backoff;
    for (unsigned failures = 1; failures <= 12; ++failures) {
        auto most = std::min<std::chrono::milliseconds>(500ms * (1u << std::min(failures - 1, 6u)), 30000ms);
        std::set<std::int64_t> seen;
        for (int i = 0; i < 200; ++i) {
            auto wait = backoff.wait(failures);
            CHECK((wait >= most / 2 && wait <= most));
            seen.insert(wait.count());
        }
        CHECK(seen.size() > 20);
    }
}

TEST_CASE("Retry-After is honoured up to a minute") {
    using namespace std::chrono_literals;
    fetch::Backoff backoff;
    CHECK(backoff.wait(1, 7s) == 7s);
    CHECK(backoff.wait(1, 3600s) == 60s);
}

}  // namespace saring::test::fetch_url_test
