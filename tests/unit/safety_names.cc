// Safety rules for names.
#include "safety_support.h"

namespace saring::test::safety_names_test {

TEST_CASE("A never-block name is held itself and in a subtree, but not names below it") {
    RuleFiles files("www.vote.test # results\n");
    auto rules = files.rules();
    CHECK(rule(rules, "www.vote.test") == "never-block");
    CHECK(rule(rules, "vote.test") == "above-never-block");
    CHECK(rule(rules, "vote.test", policy::Match::exact).empty());
    CHECK(rule(rules, "a.www.vote.test").empty());
    CHECK(rule(rules, "xwww.vote.test").empty());
    CHECK(rule(rules, "www.vote.test.test").empty());
}

TEST_CASE("A dotted never-block name protects every name below it") {
    RuleFiles files(".vote.test\nplain.vote.test\n");
    auto rules = files.rules();
    for (const char* target : {"a.vote.test", "a.b.c.vote.test", "below.plain.vote.test"}) {
        CHECK(rule(rules, target) == "below-never-block");
        CHECK(rule(rules, target, policy::Match::exact) == "below-never-block");
    }
    CHECK(rule(rules, "notvote.test").empty());
}

TEST_CASE("A name listed with and without a dot is protected with its subtree") {
    for (const char* text : {"vote.test\n.vote.test\n", ".vote.test\nvote.test\n"}) {
        RuleFiles files(text);
        CHECK(rule(files.rules(), "a.vote.test") == "below-never-block");
    }
}

TEST_CASE("A shared host is held as such, at the depth of its entry") {
    RuleFiles files("@one.test # links\n@.deep.test\n");
    auto rules = files.rules();
    CHECK(rule(rules, "one.test") == "shared-host");
    CHECK(rule(rules, "one.test", policy::Match::exact) == "shared-host");
    CHECK(rule(rules, "a.one.test").empty());
    CHECK(rule(rules, "a.deep.test") == "shared-host");
    CHECK(rules.check(name("one.test"), policy::Match::exact)->why ==
          "one.test (links) carries many unrelated people's content under one name");
}

TEST_CASE("Names below a name can be protected without it, and excepted again deeper") {
    RuleFiles files("*.state.test\n.whole.test\n!people.whole.test\n.again.people.whole.test\n");
    auto rules = files.rules();
    CHECK(rule(rules, "a.state.test") == "below-never-block");
    CHECK(rule(rules, "state.test", policy::Match::exact).empty());
    CHECK(rule(rules, "state.test") == "above-never-block");
    CHECK(rule(rules, "people.whole.test") == "never-block");
    CHECK(rule(rules, "a.people.whole.test").empty());
    CHECK(rule(rules, "a.again.people.whole.test") == "below-never-block");
    CHECK(rule(rules, "other.whole.test") == "below-never-block");
}

TEST_CASE("A wildcard of the suffix list does not make a machine's name a suffix") {
    RuleFiles files;
    auto rules = files.rules();
    for (const char* machine : {"ec2-203-0-113-7.wild.com", "203-0-113-7.wild.com", "ip-203-0-113-7.wild.com"})
        CHECK(rule(rules, machine).empty());
    for (const char* suffix :
         {"eu-west-1.wild.com", "ec2-203-0-113.wild.com", "ec2-203-0-113-777.wild.com", "v4.wild.com"})
        CHECK(rule(rules, suffix) == "shared-suffix");
    CHECK(rule(rules, "ec2-203-0-113-7.ck") == "public-suffix");
}

TEST_CASE("The suspects of a list are exactly the popular names") {
    RuleFiles files;
    write_file(files.dir / "popular.csv", "1,one.test\n2,www.two.test\n3,a.b.three.test\n3,a.b.four.test\n");
    files.config.safety.popular_lists = {files.dir / "popular.csv"};
    auto rules = files.rules();
    auto set = names_of({"one.test", "www.one.test", "x.one.test", "two.test", "www.two.test", "three.test",
                         "b.three.test", "x.three.test", "b.four.test", "five.test"});
    std::map<std::string, std::string> got;
    for (const auto& h : rules.screen(set)) got[name_of_key(set[h.place]).to_string()] = h.finding.rule;
    CHECK(got == std::map<std::string, std::string>{{"one.test", "popular"},
                                                    {"www.one.test", "popular"},
                                                    {"two.test", "popular"},
                                                    {"www.two.test", "popular"},
                                                    {"three.test", "popular"},
                                                    {"b.three.test", "popular"},
                                                    {"b.four.test", "popular"}});
    for (std::size_t i = 0; i < set.size(); ++i)
        CHECK(rules.check(name_of_key(set[i]), policy::Match::subtree).has_value() ==
              (got.count(name_of_key(set[i]).to_string()) > 0));
}

TEST_CASE("A public suffix of either section is held") {
    RuleFiles files;
    auto rules = files.rules();
    CHECK(rule(rules, "co.id") == "public-suffix");
    CHECK(rule(rules, "co.id", policy::Match::exact) == "public-suffix");
    CHECK(rule(rules, "any.ck") == "public-suffix");
    CHECK(rule(rules, "www.ck").empty());
    CHECK(rule(rules, "lent.com") == "shared-suffix");
    CHECK(rule(rules, "lent.com", policy::Match::exact) == "public-suffix");
    CHECK(rule(rules, "any.wild.com") == "shared-suffix");
    CHECK(rule(rules, "one.lent.com").empty());
    CHECK(rule(rules, "site.co.id").empty());
    CHECK(rule(rules, "unlisted") == "public-suffix");
}

TEST_CASE("A subtree above a lent suffix is held, and an exact target there is not") {
    RuleFiles files;
    auto rules = files.rules();
    for (const char* target : {"host.com", "under.host.com"}) {
        CHECK(rule(rules, target) == "above-suffix");
        CHECK(rule(rules, target, policy::Match::exact).empty());
    }
    CHECK_FALSE(rule(rules, "wild.com").empty());  // libpsl counts the parent of a wildcard as a suffix
    CHECK(rule(rules, "xhost.com").empty());
}

TEST_CASE("A finding about the target has precedence over one about its subtree") {
    RuleFiles files("radio.co.id\nlent.com\n");
    auto rules = files.rules();
    CHECK(rule(rules, "co.id") == "public-suffix");
    CHECK(rule(rules, "lent.com") == "never-block");
}

TEST_CASE("The landing host and the resolver's names are held") {
    RuleFiles files;
    files.config.answer.redirect_cname = "landing.isp.test";
    files.config.answer.soa_mname = "ns.isp.test";
    files.config.safety.own_names = {"resolver.isp.test"};
    auto rules = files.rules();
    for (const char* target : {"landing.isp.test", "ns.isp.test", "resolver.isp.test", "isp.test"})
        CHECK(rule(rules, target) == "own-name");
    CHECK(rule(rules, "www.isp.test").empty());
}

TEST_CASE("A feed's host name is held, and a feed's address is not") {
    RuleFiles files;
    config::FeedConfig named, numbered, six;
    named.name = "a", named.url = "list+https://user@Feed.Example:8443/x?y#z";
    numbered.name = "b", numbered.url = "axfr://192.0.2.1/zone";
    six.name = "c", six.url = "https://[2001:db8::1]:443/";
    files.config.feeds = {named, numbered, six};
    CHECK(rule(files.rules(), "feed.example") == "own-name");
}

TEST_CASE("An empty or cut never-block file is refused") {
    RuleFiles files("vote.test\n");
    for (const char* text : {"", "\n", "# vote.test\n", "vote.test\nother.te"}) {
        INFO(text);
        write_file(files.dir / "never.txt", text);
        require_error(ErrorKind::usage, [&] { files.rules(); }, {files.dir / "never.txt"});
    }
}

TEST_CASE("A never-block file with a bad line is refused by file and line") {
    for (const char* text :
         {"good.test\nbad..name\n", "good.test\n192.0.2.1/24\n", "good.test\n.\n", "good.test\ntwo words.test\n"}) {
        INFO(text);
        RuleFiles files(text);
        require_error(ErrorKind::usage, [&] { files.rules(); }, {files.dir / "never.txt:2"});
    }
}

TEST_CASE("A suffix list that is missing, empty or not text is refused with its path") {
    RuleFiles files;
    for (const char* content : {"", "\x2e\x44\x41\x46SA@PSL_0   \n"}) {
        write_file(files.config.safety.public_suffix_file, content);
        require_error(ErrorKind::usage, [&] { files.rules(); }, {"suffixes.dat"});
    }
    files.config.safety.public_suffix_file = files.dir / "absent.dat";
    require_error(ErrorKind::usage, [&] { files.rules(); }, {"absent.dat"});
}

TEST_CASE("All built-in never-block names are read") {
    safety::NeverBlock never;
    never.read(safety::shipped_never_block(), "conf/never-block.txt");
    CHECK(never.names.size() > 100);
    CHECK(
        never.names.covered_by(name("x.kpu.go.id"), policy::Match::exact)->what.find("General Elections Commission") ==
        0);
}

TEST_CASE("Rules are shared by equal configurations only") {
    RuleFiles one("vote.test\n"), other("count.test\n");
    auto first = safety::Rules::of(one.config);
    CHECK(safety::Rules::of(one.config) == first);
    CHECK(rule(*safety::Rules::of(other.config), "vote.test").empty());
    CHECK(rule(*safety::Rules::of(one.config), "vote.test") == "never-block");
    one.config.answer.redirect_cname = "landing.test";
    CHECK(rule(*safety::Rules::of(one.config), "landing.test") == "own-name");
}

}  // namespace saring::test::safety_names_test
