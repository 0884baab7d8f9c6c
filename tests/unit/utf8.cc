// Well-formed UTF-8, by the table in RFC 3629 section 4.
#include "base/utf8.h"

#include "support.h"

namespace saring::test::utf8_test {

TEST_CASE("Well-formed UTF-8 of every length is accepted at any alignment") {
    for (const char* good : {"", "a", "Kementerian", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                             "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
        for (std::size_t before = 0; before < 9; ++before) {
            CHECK(is_utf8(Bytes(before, 'a') + good));
            CHECK(is_utf8(Bytes(before, 'a') + good + "bcdefghij"));
        }
    CHECK(is_utf8(octets("a\0b")));
}

TEST_CASE("Stray, truncated, overlong and impossible bytes are not UTF-8") {
    for (const char* bad : {"\x80", "\xbf", "\xc2",
                            "\xc2"
                            "a",
                            "\xe0\xa0",
                            "\xe0\xa0"
                            "a",
                            "\xf0\x90\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                            "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"})
        for (std::size_t before = 0; before < 9; ++before) {
            CHECK_FALSE(is_utf8(Bytes(before, 'a') + bad));
            CHECK_FALSE(is_utf8(Bytes(before, 'a') + bad + "bcdefghij"));
        }
}

}  // namespace saring::test::utf8_test
