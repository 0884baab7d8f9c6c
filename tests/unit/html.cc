#include "text/html.h"

#include "support.h"

using namespace saring;
using namespace saring::test;

TEST_CASE("HTML: markup characters become text, in content and in quoted attributes") {
    CHECK(html_escape("<script>&\"'") == "&lt;script&gt;&amp;&quot;&#39;");
    CHECK(html_escape("Pasal 40 ayat (2b), caf\xc3\xa9 \xe2\x80\x94 \xf0\x9f\x87\xae") ==
          "Pasal 40 ayat (2b), caf\xc3\xa9 \xe2\x80\x94 \xf0\x9f\x87\xae");
    CHECK(html_escape("a\tb\nc") == "a\tb\nc");
}

TEST_CASE("HTML: control characters, direction overrides and invalid UTF-8 become U+FFFD") {
    const std::string r = "\xef\xbf\xbd";
    CHECK(html_escape(octets("a\0b")) == "a" + r + "b");
    CHECK(html_escape("\x1b[0m\x7f") == r + "[0m" + r);
    CHECK(html_escape("\xc2\x85") == r);  // NEL, a C1 control
    CHECK(html_escape("a\xe2\x80\xae"
                      "b\xe2\x81\xa6"
                      "c") == "a" + r + "b" + r + "c");  // RLO, LRI
    CHECK(html_escape("\xff\x80") == r + r);
    CHECK(html_escape("\xc0\xbc") == r + r);                  // an overlong "<"
    CHECK(html_escape("\xe0\x80\xbc") == r + r + r);          // and in three bytes
    CHECK(html_escape("\xed\xa0\x80") == r + r + r);          // a surrogate
    CHECK(html_escape("\xf4\x90\x80\x80") == r + r + r + r);  // beyond Unicode
    CHECK(html_escape("\xe2\x80") == r + r);                  // cut short
}

TEST_CASE("HTML: no byte sequence yields a markup character") {
    std::mt19937 random(7);
    for (int i = 0; i < 20000; ++i) {
        std::string text;
        for (int n = 0; n < 12; ++n)
            text.push_back(static_cast<char>(random() % 3 ? random() : "<>\"'&"[random() % 5]));
        auto out = html_escape(text);
        CHECK(out.find_first_of("<>\"'") == std::string::npos);
        CHECK(html_escape("x" + text) == "x" + out);
    }
}

TEST_CASE("HTML: links to web, mail and telephone are accepted unchanged") {
    for (const char* good :
         {"https://cek-fakta.example/hasil?x=1&y=2#z", "http://192.0.2.1/", "https://[2001:db8::1]/",
          "https://h.example/p@th", "mailto:aduan@kementerian.example", "mailto:a@b.example?subject=B-1",
          "tel:+62-21-5550-0100", "https://h.example/%E2%80%AE", "https://\xc3\xa9.example/"})
        CHECK(safe_link(good) == std::string(good));
}

TEST_CASE("HTML: scripts, misleading links and links that break out are refused") {
    for (const char* bad : {"",
                            "javascript:alert(1)",
                            "JavaScript:alert(1)",
                            " https://h.example/",
                            "java\nscript:alert(1)",
                            "data:text/html,x",
                            "vbscript:x",
                            "//h.example/",
                            "https:h.example",
                            "https://",
                            "https:///path",
                            "https://?q",
                            "https://ministry.example@h.example/",
                            "https://h.example/\"onclick=",
                            "https://h.example/a b",
                            "https://h.example/\n",
                            "https://h.example/<b>",
                            "https://h.example\\@other.example/",
                            "https://h.example/\xe2\x80\xae"
                            "x",
                            "https://h.example/\xff",
                            "mailto:",
                            "mailto:nobody",
                            "mailto:a@b\r\nBcc: c",
                            "tel:",
                            "tel:javascript",
                            "tel:+62<",
                            "HTTPS://h.example/",
                            "file:///etc/passwd",
                            "blob:https://h.example"})
        CHECK_FALSE(safe_link(bad));
}
