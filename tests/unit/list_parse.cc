// Lists as people and programs write them.
#include "listfile/list_parse.h"

#include <sstream>

#include "listfile/list_read.h"
#include "support.h"

namespace saring::test::list_parse_test {
namespace {

list::ListContent parse(const std::string& text, list::ListFormat format = list::ListFormat::domains) {
    std::istringstream in(text);
    NoProgress progress;
    return listfile::parse_list(in, format, policy::Match::subtree, progress).list;
}

std::vector<std::string> texts(const list::NameSet& set) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < set.size(); ++i) {
        out.push_back(name_of_key(set[i]).to_string());
        CHECK((set.match(i) == policy::Match::subtree));
    }
    return out;
}

std::vector<std::string> domains(const std::string& text) { return texts(parse(text).names); }
std::vector<std::string> hosts(const std::string& text) { return texts(parse(text, list::ListFormat::hosts).names); }

using Texts = std::vector<std::string>;

// The only bad line of a text.
list::BadLine only_bad(const std::string& text, list::ListFormat format = list::ListFormat::domains) {
    auto content = parse(text, format);
    CHECK(content.bad_count == 1);
    REQUIRE(content.bad.size() == 1);
    return content.bad[0];
}

struct Reported : Progress {
    void begin(const Message&, const Message&, std::uint64_t) override {}
    void at(std::uint64_t done) override { seen.push_back(done); }
    void end() override {}
    std::vector<std::uint64_t> seen;
};

}  // namespace

TEST_CASE("A list of domains has one name a line, each with its subtree") {
    CHECK(domains("hoax.example\nother.example\n") == Texts{"hoax.example", "other.example"});
}

TEST_CASE("A hosts file has an address and then names") {
    CHECK(hosts("0.0.0.0 hoax.example\n127.0.0.1\tother.example\n::1 third.example\n::  a.example \t "
                "b.example\n127.9.9.9 c.example\n") ==
          Texts{"a.example", "b.example", "c.example", "hoax.example", "other.example", "third.example"});
}

TEST_CASE("Comments, empty lines and surrounding blanks are ignored") {
    CHECK(domains("# list\n\n   \n\t hoax.example \t # why\n#other.example\nthird.example #\n") ==
          Texts{"hoax.example", "third.example"});
    CHECK(hosts("# list\n\n  0.0.0.0 hoax.example # 0.0.0.0 other.example\n#0.0.0.0 third.example\n") ==
          Texts{"hoax.example"});
    CHECK(parse("# list\n\n   \n").bad_count == 0);
}

TEST_CASE("A list reads the same with either line end, with or without a final one") {
    for (const char* text :
         {"hoax.example\nother.example\n", "hoax.example\r\nother.example\r\n", "hoax.example\nother.example",
          "hoax.example\r\nother.example\r", "\r\nhoax.example\n\nother.example"}) {
        auto content = parse(text);
        CHECK(texts(content.names) == Texts{"hoax.example", "other.example"});
        CHECK(content.bad_count == 0);
    }
    CHECK(hosts("0.0.0.0 hoax.example\r\n") == Texts{"hoax.example"});
}

TEST_CASE("A byte order mark before the first line is ignored") {
    CHECK(domains("\xef\xbb\xbfhoax.example\n") == Texts{"hoax.example"});
    CHECK(hosts("\xef\xbb\xbf"
                "0.0.0.0 hoax.example\n") == Texts{"hoax.example"});
    CHECK(domains("\xef\xbb\xbf# comment\nhoax.example\n") == Texts{"hoax.example"});
}

TEST_CASE("Letter case and a final dot do not matter") {
    CHECK(domains("HOAX.Example.\nhoax.example\n") == Texts{"hoax.example"});
}

TEST_CASE("International names are stored as A-labels") {
    CHECK(domains("b\xc3\xbc"
                  "cher.example\n") == Texts{"xn--bcher-kva.example"});
    CHECK(hosts("0.0.0.0 B\xc3\x9c"
                "CHER.example xn--bcher-kva.example\n") == Texts{"xn--bcher-kva.example"});
}

TEST_CASE("Names are sorted and unique, and names below a listed one are kept") {
    CHECK(domains("z.example\nwww.hoax.example\nhoax.example\na.test\nz.example\n") ==
          Texts{"hoax.example", "www.hoax.example", "z.example", "a.test"});
}

TEST_CASE("All lines are counted, whatever their content") {
    CHECK(parse("").lines == 0);
    CHECK(parse("\n").lines == 1);
    CHECK(parse("hoax.example").lines == 1);
    CHECK(parse("# a\n\nhoax.example\nbad line\n").lines == 4);
}

TEST_CASE("A bad line is reported with number, text and reason, and the others are imported") {
    auto content = parse("hoax.example\n\n# comment\ntwo words\nother.example\nhttp://page.example/x\n");
    CHECK(texts(content.names) == Texts{"hoax.example", "other.example"});
    CHECK(content.bad_count == 2);
    REQUIRE(content.bad.size() == 2);
    CHECK(content.bad[0].line == 4);
    CHECK(content.bad[0].text == "two words");
    CHECK_THAT(content.bad[0].reason.english(), Catch::Contains("more than one word"));
    CHECK(content.bad[1].line == 6);
    CHECK(content.bad[1].text == "http://page.example/x");
    CHECK_THAT(content.bad[1].explanation().english(), Catch::Contains("page.example"));
    CHECK(content.skipped_count == 0);
}

TEST_CASE("A list may not name what an order may not name") {
    for (const char* text : {"*",
                             "a*b.example",
                             ".",
                             "*.",
                             "example",
                             "*.example",
                             "https://hoax.example",
                             "hoax.example/",
                             "hoax..example",
                             "\xff\xfe.example",
                             "port.example:8040",
                             "\"q.example\",",
                             "hoaks1.example,fake",
                             "x.example$all",
                             "x.example^",
                             "||x.example^",
                             "semi.example;",
                             "sp%20x.example",
                             "at@mail.example",
                             "159.323.68.211",
                             "192.0.2.007",
                             "1.2.3",
                             "back\\slash.example",
                             "a\\.b.example",
                             "third.example#",
                             "203.0.113.1/24",
                             "2001:db8::1::2"}) {
        INFO(text);
        CHECK(only_bad(text).line == 1);
        CHECK(domains(text).empty());
    }
    CHECK(only_bad(std::string(64, 'a') + ".example").line == 1);
}

TEST_CASE("A hosts line without an address or a name is bad") {
    CHECK_THAT(only_bad("hoax.example\n", list::ListFormat::hosts).reason.english(),
               Catch::Contains("does not begin with an IP address"));
    CHECK_THAT(only_bad("0.0.0.0\n", list::ListFormat::hosts).reason.english(), Catch::Contains("no name"));
    CHECK_THAT(only_bad("0.0.0.0 # hoax.example\n", list::ListFormat::hosts).reason.english(),
               Catch::Contains("no name"));
    CHECK_THAT(only_bad("0.0.0.256 hoax.example\n", list::ListFormat::hosts).reason.english(),
               Catch::Contains("does not begin with an IP address"));
}

TEST_CASE("A bad name in a hosts line does not affect the other names of the line") {
    auto content = parse("0.0.0.0 a.example http://b.example/ c.example\n", list::ListFormat::hosts);
    CHECK(texts(content.names) == Texts{"a.example", "c.example"});
    CHECK(content.bad_count == 1);
}

TEST_CASE("The machine's own names in a hosts file are left out") {
    auto content = parse(
        "127.0.0.1 localhost localhost.localdomain local\n255.255.255.255 broadcasthost\n::1 ip6-localhost "
        "ip6-loopback\nfe00::0 ip6-localnet\nff00::0 ip6-mcastprefix\n"
        "ff02::1 ip6-allnodes\nff02::2 ip6-allrouters\nff02::3 ip6-allhosts\n0.0.0.0 0.0.0.0\n0.0.0.0 hoax.example\n",
        list::ListFormat::hosts);
    CHECK(texts(content.names) == Texts{"hoax.example"});
    CHECK(content.bad_count == 0);
}

TEST_CASE("A line of the maximum length is read and one byte more is bad, with either line end") {
    const std::string words = "0.0.0.0 hoax.example #";
    const std::string longest = words + std::string(listfile::max_line - words.size(), 'x');
    for (const char* end : {"\n", "\r\n", ""}) {
        INFO(std::string(end).size());
        CHECK(hosts(longest + end) == Texts{"hoax.example"});
        auto bad = only_bad(longest + "x" + end, list::ListFormat::hosts);
        CHECK(bad.line == 1);
        CHECK_THAT(bad.reason.english(), Catch::Contains(std::to_string(listfile::max_line)));
        CHECK(hosts(longest + "x" + end).empty());
    }
}

TEST_CASE("An endless line is one bad line, and the following lines are read") {
    auto content = parse("a.example\n" + std::string(200000, 'x') + "\nb.example\n" + std::string(9000, ' ') +
                         "c.example\nd.example\n");
    CHECK(texts(content.names) == Texts{"a.example", "b.example", "d.example"});
    CHECK(content.lines == 5);
    REQUIRE(content.bad.size() == 2);
    CHECK(content.bad[0].line == 2);
    CHECK(content.bad[1].line == 4);
}

TEST_CASE("Bad lines beyond those kept are counted") {
    std::string text;
    for (std::size_t i = 0; i < list::max_bad_kept + 5; ++i) text += "two words\n";
    auto content = parse(text);
    CHECK(content.bad_count == list::max_bad_kept + 5);
    CHECK(content.bad.size() == list::max_bad_kept);
    CHECK(content.bad.back().line == list::max_bad_kept);
}

TEST_CASE("The first 200 bytes of a bad line are kept") {
    std::string text = "two " + std::string(1000, 'x');
    CHECK(only_bad(text).text == text.substr(0, 200));
}

TEST_CASE("Binary data makes bad lines and does not break the reader") {
    auto content = parse(octets("hoax.example\n\0\0\0\n\xff\xff\x01\nb\0b.example\nother.example\n"));
    auto names = texts(content.names);
    CHECK(content.lines == 5);
    CHECK(std::find(names.begin(), names.end(), "hoax.example") != names.end());
    CHECK(std::find(names.begin(), names.end(), "other.example") != names.end());
    CHECK(std::find(names.begin(), names.end(), "b") == names.end());
}

TEST_CASE("Progress counts every byte, overlong lines included") {
    std::string first(10000, 'x'), text = first + "\n";
    for (int i = 1; i < 8192; ++i) text += "a.example\n";
    std::istringstream in(text);
    Reported progress;
    listfile::parse_list(in, list::ListFormat::domains, policy::Match::subtree, progress);
    CHECK(progress.seen == std::vector<std::uint64_t>{text.size()});
}

TEST_CASE("The names of list formats are read, others are refused with the valid ones") {
    for (auto format : {list::ListFormat::hosts, list::ListFormat::domains, list::ListFormat::rpz,
                        list::ListFormat::adblock, list::ListFormat::dnsmasq, list::ListFormat::unbound})
        CHECK((list::parse_list_format(to_string(format)) == format));
    for (const char* text : {"", "Hosts", "host", "hosts "})
        require_error(ErrorKind::usage, [&] { list::parse_list_format(text); },
                      {std::string("\"") + text + "\"", "hosts", "domains", "rpz"});
}

TEST_CASE("A list that cannot be read to its end is an error, not a short list") {
    struct Broken : std::streambuf {
        char text[13] = {'h', 'o', 'a', 'x', '.', 'e', 'x', 'a', 'm', 'p', 'l', 'e', '\n'};
        Broken() { setg(text, text, text + sizeof text); }
        int_type underflow() override { throw std::runtime_error("the disk is gone"); }
    } broken;
    std::istream in(&broken);
    NoProgress progress;
    require_error(ErrorKind::usage,
                  [&] { listfile::parse_list(in, list::ListFormat::domains, policy::Match::subtree, progress); },
                  {"read to its end"});
}

TEST_CASE("A name after a star or a dot is listed with its subtree") {
    CHECK(domains("*.hoax.example\n.other.example\n") == Texts{"hoax.example", "other.example"});
    auto content = parse("*.hoax.example\n");
    CHECK((content.names.match(0) == policy::Match::subtree));
}

TEST_CASE("A list of exact names has no wildcards") {
    std::istringstream in("hoax.example\n*.other.example\n0.0.0.0\n");
    auto content = listfile::parse_list(in, list::ListFormat::domains, policy::Match::exact, no_progress()).list;
    REQUIRE(content.names.size() == 1);
    CHECK((content.names.match(0) == policy::Match::exact));
    CHECK(content.bad_count == 1);
    CHECK(content.addresses == std::vector{Prefix::parse("0.0.0.0")});
}

TEST_CASE("Addresses and prefixes among names are sorted and unique") {
    auto content = parse("203.0.113.7\nhoax.example\n2001:db8::/32\n198.51.100.0/24 ; why\n203.0.113.7\n");
    CHECK(content.addresses ==
          std::vector{Prefix::parse("198.51.100.0/24"), Prefix::parse("203.0.113.7"), Prefix::parse("2001:db8::/32")});
    CHECK(texts(content.names) == Texts{"hoax.example"});
    CHECK(content.bad_count == 0);
}

TEST_CASE("A real address in a hosts file is not a block and is reported") {
    auto content = parse("203.0.113.120 www.search.example\n10.0.0.1 router.example\n0.0.0.0 hoax.example\n",
                         list::ListFormat::hosts);
    CHECK(texts(content.names) == Texts{"hoax.example"});
    CHECK(content.skipped_count == 2);
    CHECK(content.skipped[0].line == 1);
    CHECK(content.bad_count == 0);
}

TEST_CASE("A number sign begins a comment only at the beginning of a line or after a blank") {
    CHECK(only_bad("hoax.example#top\n").line == 1);
    CHECK(hosts("0.0.0.0 hoax.example#x other.example # third.example\n").empty() == false);
    CHECK(hosts("0.0.0.0 hoax.example\t#x\n") == Texts{"hoax.example"});
    CHECK(parse("! comment\n; comment\n# comment\n").bad_count == 0);
}

TEST_CASE("Reasons are counted, and those beyond a limit together") {
    auto content = parse("https://a.example/x\nhttps://b.example/y\nport.example:8040\n");
    CHECK(content.bad_reasons.size() == 2);
    CHECK(content.bad_reasons.at("is a page, and DNS cannot block a page, only the whole host").count == 2);
    list::ListContent many;
    for (std::size_t i = 0; i < list::max_reasons + 9; ++i) many.refuse(1, "x", Message("reason " + std::to_string(i)));
    CHECK(many.bad_reasons.size() == list::max_reasons + 1);
    CHECK(many.bad_reasons.at("").count == 9);
}

}  // namespace saring::test::list_parse_test
