// Errors in saring.toml name file, line, column and option.
#include "config_text.h"

namespace saring::test::config_refused_test {

TEST_CASE("An unknown table is refused with line and column") {
    refused_config("\n[databse]\npath = \"x\"\n", "2:1",
                   {"option databse is unknown", "this version knows: answer, console, database, display, eviction"});
}

TEST_CASE("An unknown option is refused with line and column") {
    refused_config("[database]\npath = \"x\"\n  map_size = 7\n", "3:14",
                   {"option database.map_size is unknown", "map_size_mib"});
    refused_config("threshold = 1\n", "1:13", {"option threshold is unknown"});
    refused_config("[answer]\nttls.x = 1\n", "2:", {"option answer.ttls is unknown"});
}

TEST_CASE("A non-ASCII character is accepted only in strings and comments") {
    for (const char* text : {"[answer]\n\u00ff = 1\n", "[answer]\nttl \u00e9= 30\n"})
        refused_config(text, "2:", {"non-ASCII"});
    refused_config("[database]\npath = \"\\\"x\" # \"\u00e9\n\u00e9", "3:1", {"non-ASCII"});
    for (const char* text :
         {"[database]\npath = \"\\\ufef6\"", "[database]\npath = \"\"\"\\\ufef6", "[database]\npath = \"\"\"\\ \ufef6"})
        refused_config(text, "2:", {"non-ASCII"});
    refused_config("[database]\npath = \"\"\"\\\n  \u00e9\"\"\"", "3:3", {"non-ASCII"});
    // No string begins in the middle of a number.
    for (const char* text :
         {"[answer]\nttl = 1'''9\u00e9", "[answer]\nttl = 1.'''9\u00e9'''", "[answer]\nttl = \"1\"'\u00e9'"})
        refused_config(text, "2:", {"non-ASCII"});
    for (const char* text :
         {"# d\u00e9j\u00e0 \"\n[local]\n", "[database]\npath = \"/\u00e9\\\"\u00e9\"\n",
          "[database]\npath = '/\u00e9\\'\n", "[database]\npath = \"\"\"\n\u00e9 \"\" \u00e9\\\"\"\"\u00e9\"\"\"\n",
          "[database]\npath = \"\" # \u00e9\n", "[database]\npath = '''/x'''''\n# \u00e9\n",
          "[database]\npath = \"\"\"/x\\\n\"\"\" # \u00e9\n", "[database]\n\"path\" = '/x' # \u00e9\n",
          "[answer]\nredirect_a = [\n'192.0.2.1', # \u00e9\n]\n"}) {
        INFO(text);
        CHECK_NOTHROW(load(text));
    }
}

TEST_CASE("A value of the wrong kind is refused") {
    refused_config("[database]\npath = 7\n", "2:8", {"option database.path is not a string"});
    refused_config("[answer]\nttl = \"30\"\n", "2:7", {"option answer.ttl is not a whole number"});
    refused_config("[answer]\nttl = 30.5\n", "2:7", {"option answer.ttl is not a whole number"});
    refused_config("[answer]\nttl = true\n", "2:7", {"option answer.ttl is not a whole number"});
    refused_config("[answer]\nredirect_a = \"192.0.2.80\"\n", "2:14", {"option answer.redirect_a is not an array"});
    refused_config("answer = 7\n", "1:10", {"option answer is not a table"});
    refused_config("[[answer]]\nttl = 1\n", "1:", {"option answer is not a table"});
}

TEST_CASE("The action redirect without a redirect target is refused") {
    auto refused = [](const std::string& text, const std::string& option) {
        INFO(text);
        auto e = error_of([&] { load(text); });
        REQUIRE(e);
        CHECK(e->kind() == ErrorKind::usage);
        for (const auto& part : {option, std::string("redirect"), std::string("answer.redirect_a")})
            CHECK_THAT(std::string(e->what()), Catch::Contains(part));
    };
    const std::string answer = "[answer]\naction = \"redirect\"\n";
    refused(answer, "answer.action");
    refused(answer + "redirect_a = []\n", "answer.action");
    for (const char* landing : {"redirect_a = [\"192.0.2.80\"]\n", "redirect_aaaa = [\"2001:db8::80\"]\n",
                                "redirect_cname = \"landing.example\"\n"})
        CHECK_NOTHROW(load(answer + landing));
    const std::string feed =
        "[[feed]]\nname = \"provider\"\nurl = \"axfr://192.0.2.53/rpz.example\"\naction = \"redirect\"\n";
    refused(feed, "provider");
    CHECK_NOTHROW(load(feed + "[answer]\nredirect_a = [\"192.0.2.80\"]\n"));
}

TEST_CASE("A number is accepted at both ends of its range and refused beyond") {
    struct Range {
        const char *table, *option;
        long long least, most;
    };
    for (auto [table, option, least, most] :
         {Range{"database", "map_size_mib", 1, 16777216}, Range{"database", "max_readers", 8, 100000},
          Range{"answer", "ttl", 0, 86400}, Range{"list", "lifetime_days", 1, 3650},
          Range{"trust", "threshold", 1, 16}}) {
        auto text = [&](long long value) {
            return "[" + std::string(table) + "]\n" + option + " = " + std::to_string(value) + "\n";
        };
        INFO(table << "." << option);
        CHECK_NOTHROW(load(text(least)));
        CHECK_NOTHROW(load(text(most)));
        for (long long value : {least - 1, most + 1, -9223372036854775807LL, 9223372036854775807LL})
            refused_config(text(value), "2:",
                           {std::string("option ") + table + "." + option, std::to_string(value) + ", out of range",
                            std::to_string(least) + " to " + std::to_string(most)});
    }
}

TEST_CASE("A repeated option is refused with line and column") {
    refused_config("[answer]\nttl = 1\nttl = 2\n", "3:", {"ttl"});
    refused_config("[answer]\nttl = 1\n[answer]\naction = \"nodata\"\n", "3:", {"answer"});
}

TEST_CASE("Invalid TOML is refused with line and column") {
    refused_config("[answer\n", "1:", {});
    refused_config("[answer]\nttl 30\n", "2:", {});
    refused_config("[answer]\naction = \"nodata\n", "2:", {});
}

TEST_CASE("An unknown default action is refused") {
    refused_config("[answer]\naction = \"block\"\n", "2:10", {"option answer.action", "\"block\"", "nxdomain, nodata"});
}

TEST_CASE("The default action cannot be passthru") {
    refused_config("[answer]\naction = \"passthru\"\n", "2:10", {"option answer.action cannot be passthru"});
    CHECK(load("[answer]\naction = \"log\"\n").answer.action == policy::Action::log);
}

TEST_CASE("A redirection address must be one address of its family") {
    refused_config("[answer]\nredirect_a = [\"192.0.2.80\", \"192.0.2.0/24\"]\n", "2:29", {"single IPv4"});
    refused_config("[answer]\nredirect_a = [\"2001:db8::80\"]\n", "2:15", {"single IPv4"});
    refused_config("[answer]\nredirect_aaaa = [\"192.0.2.80\"]\n", "2:18", {"single IPv6"});
    refused_config("[answer]\nredirect_aaaa = [\"::ffff:192.0.2.80\"]\n", "2:18", {"single IPv6"});
    refused_config("[answer]\nredirect_a = [\"landing.isp.example\"]\n", "2:15", {"not an IP address"});
    refused_config("[answer]\nredirect_a = [7]\n", "2:15", {"not a string"});
}

TEST_CASE("An option that is not a valid name is refused") {
    refused_config("[answer]\nsoa_mname = \"a..b\"\n", "2:13", {"option answer.soa_mname", "empty label"});
}

TEST_CASE("An unknown failure policy is refused") {
    refused_config("[failure]\npolicy = \"open\"\n", "2:10",
                   {"option failure.policy", "\"open\"", "resolve or servfail"});
}

}  // namespace saring::test::config_refused_test
