// [[feed]]: options, defaults, refusals.
#include "config_text.h"

namespace saring::test::config_feeds_test {
namespace {

const std::string feed = "[[feed]]\nname = \"ministry\"\nurl = \"https://feed.example/\"\n";

}  // namespace

TEST_CASE("A feed is read with all its options") {
    auto c = load(feed +
                  "keys = [\"a\", \"b\"]\nca_file = \"/etc/ca.pem\"\ninsecure_http = true\ntimeout_seconds = "
                  "5\nstall_seconds = 2\nretries = 0\n"
                  "parallel = 1\nmax_mib = 3\nmax_manifest_mib = 2\n");
    REQUIRE(c.feeds.size() == 1);
    const auto& f = c.feeds[0];
    CHECK(f.name == "ministry");
    CHECK(f.url == "https://feed.example/");
    CHECK(f.keys == std::vector<std::string>{"a", "b"});
    CHECK(f.ca_file == "/etc/ca.pem");
    CHECK(f.insecure_http);
    CHECK(f.timeout_seconds == 5);
    CHECK(f.stall_seconds == 2);
    CHECK(f.retries == 0);
    CHECK(f.parallel == 1);
    CHECK(f.max_bytes == 3u << 20);
    CHECK(f.max_manifest_bytes == 2u << 20);
}

TEST_CASE("A feed has the documented defaults") {
    const auto f = load(feed).feeds.at(0);
    CHECK(f.keys.empty());
    CHECK(f.ca_file.empty());
    CHECK_FALSE(f.insecure_http);
    CHECK(f.timeout_seconds == 600);
    CHECK(f.stall_seconds == 30);
    CHECK(f.retries == 4);
    CHECK(f.parallel == 6);
    CHECK(f.max_bytes == std::uint64_t{1} << 30);
    CHECK(f.max_manifest_bytes == 64u << 20);
    CHECK(load("").feeds.empty());
}

TEST_CASE("Feeds stay in the order of the file") {
    auto c = load(feed + "[[feed]]\nname = \"a\"\nurl = \"file:///a\"\n");
    REQUIRE(c.feeds.size() == 2);
    CHECK(c.feeds[0].name == "ministry");
    CHECK(c.feeds[1].name == "a");
}

TEST_CASE("A wrong feed option is refused with line and column") {
    refused_config("[[feed]]\nurl = \"https://feed.example/\"\n", "1:", {"option feed.name is missing"});
    refused_config("[[feed]]\nname = \"a\"\n", "1:", {"option feed.url is missing"});
    refused_config(feed + feed, "4:", {"\"ministry\" appears twice"});
    refused_config(feed + "colour = 1\n", "4:10", {"option feed.colour is unknown"});
    refused_config(feed + "retries = 21\n", "4:11", {"option feed.retries", "21"});
    refused_config(feed + "timeout_seconds = 0\n", "4:19", {"option feed.timeout_seconds", "0"});
    refused_config(feed + "insecure_http = 1\n", "4:17", {"option feed.insecure_http"});
    refused_config("[feed]\nname = \"a\"\n", "1:", {"option feed"});
    for (const std::string& name : std::vector<std::string>{"", ".", "-a", "a b", "a/b", "..", std::string(65, 'a')})
        refused_config("[[feed]]\nname = \"" + name + "\"\nurl = \"https://feed.example/\"\n", "2:8",
                       {"option feed.name"});
}

}  // namespace saring::test::config_feeds_test
