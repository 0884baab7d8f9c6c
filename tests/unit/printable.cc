// Foreign text for terminals: the only list of unprintable characters (text/printable.h).
#include "text/printable.h"

#include "support.h"
#include "text/html.h"

using namespace saring;
using namespace saring::test;

TEST_CASE("Printable: control characters and direction marks become question marks") {
    CHECK(shown("Kementerian \xc3\xa9 \xe4\xb8\xad\xe6\x96\x87 \xf0\x9f\x87\xae") ==
          "Kementerian \xc3\xa9 \xe4\xb8\xad\xe6\x96\x87 \xf0\x9f\x87\xae");
    CHECK(shown("\x1b]0;x\x07\r\n\t\x7f") ==
          "?]0;x?"
          "????");
    CHECK(shown("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0") == "???\xc2\xa0");  // C1, and the character after it
    CHECK(shown("\xe2\x80\xa8\xe2\x80\xa9") == "??");                   // separators of lines and paragraphs
}

TEST_CASE("Printable: every bidirectional control of Unicode, for terminals and pages") {
    const std::string r = "\xef\xbf\xbd";
    for (const char* control :
         {"\xd8\x9c", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad",
          "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9"}) {
        CHECK(shown(control) == "?");
        CHECK(html_escape(control) == r);
        CHECK_FALSE(safe_link("https://a.example/" + std::string(control)));
    }
    // Joiners are needed to write some languages.
    CHECK(shown("\xe2\x80\x8c\xe2\x80\x8d") == "\xe2\x80\x8c\xe2\x80\x8d");
}

TEST_CASE("Printable: invalid UTF-8 becomes U+FFFD") {
    const std::string r = "\xef\xbf\xbd";
    CHECK(shown("\x9b"
                "31m") == r + "31m");
    CHECK(shown("a\xc0\xaf"
                "b\xed\xa0\x80"
                "c\xe2\x80") == "a" + r + r + "b" + r + r + r + "c" + r + r);
}

TEST_CASE("Printable: display width counts columns, not bytes") {
    CHECK(display_width("") == 0);
    CHECK(display_width("abc") == 3);
    CHECK(display_width("caf\xc3\xa9") == 4);
    CHECK(display_width("cafe\xcc\x81") == 4);              // a combining accent
    CHECK(display_width("\xe4\xb8\xad\xe6\x96\x87") == 4);  // two wide characters
    CHECK(display_width("\033[31;1mBAD\033[m") == 3);
}
