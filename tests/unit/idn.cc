// Names as people type them, converted by UTS 46 non-transitional, as in browsers.
#include "hostname/host_name.h"

#include "support.h"

namespace saring::test::idn_test {

TEST_CASE("An ASCII name is read as presentation format") {
    CHECK(hostname::parse_name_input("Hoax.Example.") == name("hoax.example"));
    CHECK(hostname::parse_name_input("a\\.b.example") == name("a\\.b.example"));
    CHECK(hostname::parse_name_input("_dmarc.hoax.example") == name("_dmarc.hoax.example"));
    CHECK(hostname::parse_name_input("xn--bcher-kva.example") == name("xn--bcher-kva.example"));
}

TEST_CASE("A Unicode name becomes its A-label form") {
    CHECK(hostname::parse_name_input("bücher.example") == name("xn--bcher-kva.example"));
    CHECK(hostname::parse_name_input("пример.испытание") == name("xn--e1afmkfd.xn--80akhbyknj4f"));
    CHECK(hostname::parse_name_input("例え.テスト") == name("xn--r8jz45g.xn--zckzah"));
}

TEST_CASE("Unicode letter case does not matter") {
    CHECK(hostname::parse_name_input("BÜCHER.Example") == hostname::parse_name_input("bücher.example"));
}

TEST_CASE("Composed and decomposed letters are the same name") {
    CHECK(hostname::parse_name_input("bu\xcc\x88"
                                     "cher.example") == hostname::parse_name_input("bücher.example"));
}

TEST_CASE("Sharp s is kept, as in browsers") {
    // Transitional processing would give "fass", another site.
    CHECK(hostname::parse_name_input("faß.example") == name("xn--fa-hia.example"));
}

TEST_CASE("An ideographic full stop separates labels") {
    CHECK(hostname::parse_name_input("hoax。example") == name("hoax.example"));
}

TEST_CASE("Fullwidth letters become plain ones") {
    CHECK(hostname::parse_name_input("ｈｏａｘ.example") == name("hoax.example"));
}

TEST_CASE("Names that UTS 46 does not allow are refused") {
    require_error(ErrorKind::usage,
                  [] {
                      hostname::parse_name_input(
                          "ho\xe2\x80\x8e"
                          "ax.example");
                  },
                  {"international name"});  // left-to-right mark
    require_error(ErrorKind::usage, [] { hostname::parse_name_input("☃\xef\xbf\xbe.example"); },
                  {"international name"});  // a noncharacter
    require_error(ErrorKind::usage, [] { hostname::parse_name_input("-ü-.example"); },
                  {"international name", "-ü-.example"});
}

TEST_CASE("Malformed UTF-8 is refused") {
    for (std::string bad : {"\xff.example", "ho\xc3.example", "\xc0\xaf.example", "\xed\xa0\x80.example"}) {
        INFO(Catch::Detail::stringify(bad));
        require_error(ErrorKind::usage, [&] { hostname::parse_name_input(bad); });
    }
}

TEST_CASE("A Unicode name with a zero byte is refused, not truncated") {
    require_error(ErrorKind::usage, [] { hostname::parse_name_input(octets("b\303\274cher\0.example")); });
}

TEST_CASE("A Unicode name too long for the DNS is refused") {
    std::string label;
    for (int i = 0; i < 63; ++i) label += "ü";
    require_error(ErrorKind::usage, [&] { hostname::parse_name_input(label + ".example"); });
}

TEST_CASE("Characters that map to URL or escape characters are refused") {
    // UTS 46 maps these to / * ? # and \, which no host name has: the listed name would never be looked up.
    for (const char* text :
         {"hoax.example／page", "＊.hoax.example", "hoax.example？q", "hoax.example＃a", "a＼.hoax.example"}) {
        INFO(text);
        require_error(ErrorKind::usage, [&] { hostname::parse_name_input(text); });
    }
}

}  // namespace saring::test::idn_test
