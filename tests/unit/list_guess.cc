// Detection of a text's format, and of texts that are not lists.
#include <zlib.h>

#include <sstream>

#include "listfile/list_read.h"
#include "support.h"

namespace saring::test::list_guess_test {
namespace {

struct Read {
    listfile::ReadList content;
    std::optional<Error> refused;
};

Read read(const std::string& text, const std::string& format = "auto", policy::Match match = policy::Match::subtree) {
    std::istringstream in(text);
    Read out;
    try {
        listfile::ListText body(in, "list.txt");
        out.content = read_list(body, {format, match, {}}, no_progress());
        require_list(out.content, body);
    } catch (const Error& e) { out.refused = e; }
    return out;
}

std::string format_of(const std::string& text) {
    auto r = read(text);
    INFO((r.refused ? r.refused->what() : ""));
    CHECK_FALSE(r.refused);
    return to_string(r.content.list.format);
}

void refused(const std::string& text, const std::vector<std::string>& parts, const std::string& format = "auto") {
    INFO(text.substr(0, 100));
    auto r = read(text, format);
    REQUIRE(r.refused);
    CHECK(r.refused->kind() == ErrorKind::usage);
    for (const auto& part : parts) CHECK_THAT(std::string(r.refused->what()), Catch::Contains(part));
    CHECK_THAT(std::string(r.refused->what()), Catch::Contains("list.txt"));
}

std::string gzip(const std::string& text) {
    z_stream z{};
    REQUIRE(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(text.size() + 1000, '\0'), in = text;
    z.next_in = reinterpret_cast<Bytef*>(in.data());
    z.avail_in = static_cast<uInt>(in.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

std::string utf16(const std::string& text, bool big, bool mark) {
    std::string out = mark ? (big ? "\xfe\xff" : "\xff\xfe") : "";
    for (char c : text) {
        if (big) out += '\0';
        out += c;
        if (!big) out += '\0';
    }
    return out;
}

}  // namespace

TEST_CASE("The format that most lines fit is detected") {
    CHECK(format_of("# c\n0.0.0.0 hoax.example\r\n127.0.0.1 localhost\n") == "hosts");
    CHECK(format_of("# two words\n\nhoax.example # three words here\r\nother.example\n") == "domains");
    CHECK(format_of("\xef\xbb\xbfhoax.example") == "domains");
    CHECK(format_of("*.hoax.example\n.other.example\n") == "domains");
    CHECK(format_of("203.0.113.7\n198.51.100.0/24\n") == "domains");
    CHECK(format_of("$TTL 60\n@ SOA localhost. root.localhost. 1 1 1 1 1\nhoax.example CNAME .\n") == "rpz");
    CHECK(format_of("; zone\nhoax.example\tIN\tcname\t.\n") == "rpz");
    CHECK(format_of("@ 3600 IN SOA localhost. root.localhost. (\n 1 ; serial\n 1\n 1\n 1\n 1 )\n NS "
                    "localhost.\nhoax.example CNAME .\n*.hoax.example CNAME .\n") == "rpz");
    CHECK(format_of("[Adblock Plus 2.0]\n! Title\n||hoax.example^\nnews.example##.ad\n@@||good.example^\n") ==
          "adblock");
    CHECK(format_of("# c\naddress=/hoax.example/0.0.0.0\nserver=/other.example/\n") == "dnsmasq");
    CHECK(format_of("server:\nlocal-zone: \"hoax.example\" always_nxdomain\n") == "unbound");
    CHECK(format_of("## hosts\n### x\n0.0.0.0 hoax.example\n") == "hosts");
}

TEST_CASE("The whole list decides the format, not its beginning") {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "0.0.0.0 a" + std::to_string(i) + ".example\n";  // more than 64 KiB
    for (int i = 0; i < 9000; ++i) text += "b" + std::to_string(i) + ".example\n";
    auto r = read(text);
    CHECK_FALSE(r.refused);
    CHECK(r.content.list.format == list::ListFormat::domains);
    CHECK(r.content.list.fit.lines == 14000);
    CHECK(r.content.list.fit.fitting == 9000);
    REQUIRE(r.content.second);
    CHECK(r.content.second->format == list::ListFormat::hosts);
    CHECK(describe_format(r.content).english() == "format domains, which 64.2 % of 14000 lines fit; hosts: 35.7 %");
}

TEST_CASE("The fast path counts plain lines like the rules of each format") {
    std::string text = "||x.example^\n";
    for (int i = 0; i < 3; ++i) text += "0.0.0.0 a.example\nb.example\n";
    auto direct = read(text).content, odd = read(
                                                "||x.example^ \n0.0.0.0  a.example\n0.0.0.0  a.example\n0.0.0.0  "
                                                "a.example\n b.example.\n b.example \n b.example \n")
                                                .content;
    CHECK(direct.list.format == list::ListFormat::adblock);
    CHECK(direct.list.fit.fitting == 7);
    REQUIRE(direct.second);
    CHECK(direct.second->fit.fitting == 3);
    CHECK(odd.list.format == list::ListFormat::adblock);
    REQUIRE(odd.second);
    CHECK(odd.second->fit.lines == direct.second->fit.lines);
}

TEST_CASE("A list that fits no format is refused with a tally of reasons") {
    refused("hoax.example\n0.0.0.0 other.example\n", {"fits no list format", "1 of its 2 lines"});
    refused("http://a.example/x\nhttp://b.example/y\nhttp://c.example:1/\nd.example\n",
            {"1 of its 4 lines", "2 x is a page", "1 x is a URL"});
    refused("# only comments\n", {"no name", "only comments"});
    refused("0.0.0.0\ta.example\n0.0.0.0\tb.example\n", {"it looks like format hosts"}, "domains");
    refused("a.example\n||x.example^\n||y.example^\n||z.example^\n",
            {"does not fit format domains", "it looks like format adblock"}, "domains");
}

TEST_CASE("A text that is not a list is refused with its kind") {
    refused("", {"is empty"});
    refused(" \r\n\t\n", {"is empty"});
    refused("\xef\xbb\xbf", {"is empty"});
    for (const char* text : {"<!DOCTYPE html>", "\xef\xbb\xbf\r\n  <html>", "<?xml"})
        refused(text, {"web page"}, "hosts");
    for (const char* text : {"{\"a\": 1}", "[\n \"q.example\",\n \"r.example\"\n]", "[]", "[{\"x\":1}]"})
        refused(text, {"JSON"}, "domains");
    for (bool big : {false, true})
        for (bool mark : {false, true})
            refused(utf16("hoax.example\nother.example\n", big, mark), {"UTF-16"}, "domains");
    refused("hoax.example\rother.example\r", {"old Macs"});
    refused("PK\x03\x04zip", {"zip"});
    refused("hoaks1.example,fake\nhoaks2.example,fake\n", {"table (CSV)"});
    refused("1;https://hoaks1.example/x\n2;https://hoaks2.example/y\n", {"table (CSV)"}, "domains");
    refused("hoaks1.example\tfake\nhoaks2.example\tfake\n", {"table (CSV)"}, "hosts");
    CHECK_FALSE(read("[Adblock Plus 2.0]\n||hoax.example^\n").refused);
    CHECK_FALSE(read("hoax.example\r").refused);
}

TEST_CASE("A gzip-compressed list reads like any other") {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += "a" + std::to_string(i) + ".example\n";
    auto r = read(gzip(text));
    REQUIRE_FALSE(r.refused);
    CHECK(r.content.list.names.size() == 20000);
    CHECK(read(gzip("hoax.example\n") + gzip("other.example\n")).content.list.names.size() == 2);
    auto packed = gzip(text);
    refused(packed.substr(0, packed.size() / 2), {"is truncated"});
    packed[packed.size() / 2] ^= 0x55;
    refused(packed, {"gzip"});
    refused(gzip("<html>"), {"web page"});
}

TEST_CASE("A compressed list that exceeds the size limit is refused") {
    std::istringstream in(gzip(std::string(1 << 20, '\n') + "hoax.example\n"));
    require_error(ErrorKind::usage,
                  [&] {
                      listfile::ListText body(in, "list.txt", 1 << 19);
                      read_list(body, {}, no_progress());
                  },
                  {"list.txt", "exceeds the size limit"});
}

TEST_CASE("The caller chooses the match of lines, but not of a policy zone's records") {
    auto r = read("hoax.example\n", "domains", policy::Match::exact);
    REQUIRE(r.content.list.names.size() == 1);
    CHECK(r.content.list.names.match(0) == policy::Match::exact);
    std::istringstream in("hoax.example CNAME .\n");
    listfile::ListText body(in, "list.txt");
    require_error(ErrorKind::usage,
                  [&] {
                      read_list(body, {"rpz", policy::Match::exact, {}}, no_progress());
                  },
                  {"--match"});
}

}  // namespace saring::test::list_guess_test
