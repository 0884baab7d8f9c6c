// The meaning of lines in each tool's format.
#include <sstream>

#include "listfile/list_parse.h"
#include "support.h"

namespace saring::test::list_formats_test {
namespace {

using Texts = std::vector<std::string>;

listfile::ParsedList parse(list::ListFormat format, const std::string& text) {
    std::istringstream in(text);
    return listfile::parse_list(in, format, policy::Match::subtree, no_progress());
}

// "name", "name exact" or "name below", then the addresses.
Texts blocked(list::ListFormat format, const std::string& text) {
    auto list = parse(format, text).list;
    CHECK(list.bad_count == 0);
    Texts out;
    for (std::size_t i = 0; i < list.names.size(); ++i)
        out.push_back(
            name_of_key(list.names[i]).to_string() +
            (list.names.match(i) == policy::Match::subtree ? "" : std::string(" ") + to_string(list.names.match(i))));
    for (const auto& a : list.addresses) out.push_back(a.to_string());
    return out;
}

// The line is skipped: valid, but not for a list.
void left_out(list::ListFormat format, const std::string& line) {
    INFO(line);
    auto list = parse(format, line + "\n").list;
    CHECK(list.size() == 0);
    CHECK(list.skipped_count == 1);
    CHECK(list.bad_count == 0);
}

void broken(list::ListFormat format, const std::string& line) {
    INFO(line);
    auto list = parse(format, line + "\n").list;
    CHECK(list.size() == 0);
    CHECK(list.bad_count == 1);
}

constexpr auto adblock = list::ListFormat::adblock;
constexpr auto dnsmasq = list::ListFormat::dnsmasq;
constexpr auto unbound = list::ListFormat::unbound;

}  // namespace

TEST_CASE("An adblock rule that only names a site blocks its subtree") {
    for (const char* rule : {"||x.example^", "||x.example", "||x.example^$all", "||x.example^$important",
                             "||x.example^$document", "||x.example^$all,important", "||x.example^$dnsrewrite=NXDOMAIN",
                             "||x.example^|", "||x.example^*", "||x.example/", "||X.Example.^", "||*.x.example^",
                             "x.example", "0.0.0.0 x.example", "||x.example^ # why", "||x.example^$_,important"}) {
        INFO(rule);
        CHECK(blocked(adblock, std::string("[Adblock Plus 2.0]\n! Title: uji\n") + rule + "\r\n") ==
              Texts{"x.example"});
    }
    CHECK(blocked(adblock, "|x.example^\n") == Texts{"x.example exact"});
    CHECK(blocked(adblock, "||203.0.113.7^\n||198.51.100.0/24^\n") == Texts{"198.51.100.0/24", "203.0.113.7"});
}

TEST_CASE("An adblock rule for pages, parts of pages or some uses of a site is left out") {
    for (const char* rule : {"news.example##.ad",
                             "##.banner",
                             "###top-ad",
                             "news.example#@#.ad",
                             "news.example#$#body { color: red }",
                             "news.example#?#div:has(.ad)",
                             "news.example#%#//scriptlet('x')",
                             "news.example$$script[a]",
                             "news.example#@?#div",
                             "||x.example^$third-party",
                             "||x.example^$domain=news.example",
                             "||x.example^$script,image",
                             "||x.example^$popup",
                             "||x.example^$denyallow=a.example",
                             "||x.example^$dnstype=AAAA",
                             "||x.example^$client=10.0.0.1",
                             "||x.example^$dnsrewrite=192.0.2.7",
                             "||x.example^$~third-party",
                             "||x.example/page",
                             "||x.example/page^$all",
                             "||x.example^page",
                             "|http://x.example/",
                             "|https://x.example^",
                             "||ads.",
                             "||ads*.x.example^",
                             "||x.*^",
                             "/banner/",
                             "/ad[0-9]+\\.js$/",
                             "/^https?:\\/\\/x\\.example/$third-party",
                             "-ad-300x250.",
                             "&ad_box_",
                             "x.example^",
                             "x.example/page",
                             "x.example$all",
                             ".example/ads/",
                             "@@||x.example/page",
                             "@@|https://x.example^",
                             "@@/regex/",
                             "@@||x.example^$domain=y.example",
                             "x.example^$important",
                             "x.example#top"})
        left_out(adblock, rule);
    for (const char* rule : {"||x.example:8080^", "||example^", "||1.2.3^", "two words"}) broken(adblock, rule);
}

TEST_CASE("An adblock exception is not a block and removes blocks of the same list") {
    auto parsed = parse(adblock,
                        "||hoax.example^\n||news.example^\n||ads.news.example^\n@@||news.example^\n@@||good.hoax."
                        "example^\n@@||third.example^\n");
    CHECK(parsed.list.names.size() == 1);
    CHECK(name_of_key(parsed.list.names[0]).to_string() == "hoax.example");
    CHECK(parsed.list.skipped_count == 3);
    REQUIRE(parsed.open_but_covered.size() == 1);
    CHECK(name_of_key(parsed.open_but_covered[0]).to_string() == "good.hoax.example");
    CHECK(parse(adblock, "||a.example^\n||www.a.example^\n||a.example^$badfilter\n").list.names.size() == 1);
}

TEST_CASE("A comment with two number signs is not an adblock rule") {
    auto list = parse(adblock, "## Title\n### Another ###\n0.0.0.0 x.example # ## why\n! a comment\n").list;
    CHECK(list.names.size() == 1);
    CHECK(list.skipped_count == 0);
}

TEST_CASE("A dnsmasq line with a null address blocks the subtree") {
    for (const char* line : {"address=/x.example/0.0.0.0", "address=/x.example/::", "address=/x.example/127.0.0.1",
                             "address=/x.example/", "address=/x.example/#", "local=/x.example/", "server=/x.example/",
                             "  address = /x.example/0.0.0.0 # why", "address=/.x.example/", "address=/X.Example./"}) {
        INFO(line);
        CHECK(blocked(dnsmasq, std::string("# comment\n") + line + "\n") == Texts{"x.example"});
    }
    CHECK(blocked(dnsmasq, "address=/a.example/b.example/0.0.0.0\nlocal=/c.example/d.example/\n") ==
          Texts{"a.example", "b.example", "c.example", "d.example"});
    CHECK(blocked(dnsmasq, "address=/*.x.example/\n") == Texts{"x.example below"});
    CHECK(blocked(dnsmasq, "bogus-nxdomain=203.0.113.7\nbogus-nxdomain=198.51.100.0/24\n") ==
          Texts{"198.51.100.0/24", "203.0.113.7"});
}

TEST_CASE("Other dnsmasq lines, such as forwarders and answers, are left out") {
    for (const char* line : {"server=/x.example/192.0.2.1", "server=/x.example/192.0.2.1#5353", "server=/x.example/#",
                             "local=/x.example/192.0.2.1", "address=/x.example/203.0.113.7", "server=192.0.2.1",
                             "domain-needed", "cname=a.example,b.example", "conf-file=/etc/x", "address=//0.0.0.0",
                             "ipset=/x.example/set", "rev-server=192.0.2.0/24,192.0.2.1"})
        left_out(dnsmasq, line);
    for (const char* line : {"address=/#/0.0.0.0", "address=/x.example/nowhere", "x.example", "0.0.0.0 x.example",
                             "address=/a*b.example/", "address=/example/"})
        broken(dnsmasq, line);
}

TEST_CASE("A name that dnsmasq resolves through its usual servers is removed from the list") {
    auto list =
        parse(dnsmasq, "address=/x.example/\naddress=/ads.x.example/\naddress=/y.example/\nserver=/x.example/#\n").list;
    REQUIRE(list.names.size() == 1);
    CHECK(name_of_key(list.names[0]).to_string() == "y.example");
}

TEST_CASE("An Unbound zone of a type without answers blocks the subtree") {
    for (const char* type : {"always_nxdomain", "always_null", "always_refuse", "always_nodata", "always_deny",
                             "static", "refuse", "deny", "redirect", "inform_deny"}) {
        INFO(type);
        CHECK(blocked(unbound, std::string("server:\n  local-zone: \"x.example\" ") + type + " # why\n") ==
              Texts{"x.example"});
    }
    for (const char* line :
         {"local-zone: x.example. static", "local-zone: 'x.example' static", "local-zone:\"x.example\" static",
          "local-data: \"x.example A 0.0.0.0\"", "local-data: \"x.example. 3600 IN AAAA ::\"",
          "local-zone: \"x.example\" redirect local-data: \"x.example A 0.0.0.0\"",
          "local-zone: \"x.example\" redirect\nlocal-data: \"x.example A 127.0.0.1\"\nlocal-data: \"x.example AAAA "
          "::1\""}) {
        INFO(line);
        CHECK(blocked(unbound, std::string(line) + "\n") == Texts{"x.example"});
    }
}

TEST_CASE("Unbound zones that let names resolve, and other settings, are left out") {
    for (const char* type : {"transparent", "typetransparent", "always_transparent", "nodefault", "inform", "block_a"})
        left_out(unbound, std::string("local-zone: \"x.example\" ") + type);
    for (const char* line :
         {"local-data: \"x.example A 203.0.113.7\"", "local-data: \"x.example TXT 'text'\"",
          "local-data: \"x.example CNAME y.example\"", "forward-addr: 192.0.2.1", "include: \"/etc/x\""})
        left_out(unbound, line);
    for (const char* line : {"local-zone: \".\" static", "local-zone: \"x.example\" statc", "local-zone: \"x.example\"",
                             "x.example", "local-zone: \"example\" static", "local-zone: \"http://x.example/\" static"})
        broken(unbound, line);
}

TEST_CASE("An Unbound zone with data of its own is not a block") {
    auto list =
        parse(unbound,
              "local-zone: \"home.example\" static\nlocal-data: \"nas.home.example A 203.0.113.7\"\nlocal-zone: "
              "\"www.search.example\" redirect\n"
              "local-data: \"www.search.example CNAME safe.search.example\"\nlocal-zone: \"hoax.example\" static\n")
            .list;
    REQUIRE(list.names.size() == 1);
    CHECK(name_of_key(list.names[0]).to_string() == "hoax.example");
}

}  // namespace saring::test::list_formats_test
