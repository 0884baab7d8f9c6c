// Presentation format, read and printed.
#include "support.h"

namespace saring::test::owner_name_text_test {

TEST_CASE("A name reads the same with and without its final dot") {
    CHECK(name("hoax.example.") == name("hoax.example"));
    CHECK(name("hoax.example").wire() == octets("\4hoax\7example\0"));
}

TEST_CASE("Only letters change when a name is folded to lower case") {
    CHECK(name("HoAx.EXAMPLE") == name("hoax.example"));
    // '@' and '[' are the neighbours of 'A' and 'Z': only letters may be folded.
    CHECK(name("\\@AZ[").wire() == octets("\4@az[\0"));
    CHECK(name("\\200\\226").wire() == octets("\2\310\342\0"));
}

TEST_CASE("A single dot is the root") {
    CHECK(name(".").is_root());
    CHECK(name(".").wire() == octets("\0"));
    CHECK(name(".").to_string() == ".");
    CHECK(OwnerName() == name("."));
}

TEST_CASE("An escaped dot belongs to its label") {
    CHECK(name("a\\.b.example").wire() == octets("\3a.b\7example\0"));
    CHECK(name("a\\.b.example").label_count() == 2);
    CHECK(name("a\\.b.example") != name("a.b.example"));
}

TEST_CASE("A decimal escape may be any octet") {
    CHECK(name("\\000").wire() == octets("\1\0\0"));
    CHECK(name("\\255").wire() == octets("\1\377\0"));
    CHECK(name("\\046.example").wire() == octets("\1.\7example\0"));
}

TEST_CASE("An octet given by its decimal escape is folded like any other") {
    CHECK(name("\\065bc.example") == name("abc.example"));
}

TEST_CASE("A backslash before a non-digit escapes that character") {
    CHECK(name("a\\\\b").wire() == octets("\3a\\b\0"));
    CHECK(name("\\a\\b") == name("ab"));
    CHECK(name("\\ x").wire() == octets("\2 x\0"));
}

TEST_CASE("Text that is not a name is refused with the reason") {
    auto refused = [](std::string_view text, const std::string& why) {
        INFO(text);
        require_error(ErrorKind::usage, [&] { name(text); }, {"owner name", why});
    };
    refused("", "is empty");
    refused("..", "empty label");
    refused(".example", "empty label");
    refused("hoax..example", "empty label");
    refused("hoax.example..", "empty label");
    refused("\\256", "above \\255");
    refused("\\999", "above \\255");
    refused("\\1a2", "three digits");
    refused("\\12x", "three digits");
    refused("a\\", "unfinished escape");
    refused("a\\1", "unfinished escape");
    refused("a\\12", "unfinished escape");
    refused("hoax example", "\\DDD");
    refused("hoax\texample", "\\DDD");
    refused("hoax\x7f", "\\DDD");
    refused("ho\xc3\xa4x.example", "\\DDD");
    refused(std::string_view("ho\0ax", 5), "\\DDD");
}

TEST_CASE("A refused name is shown shortened and without terminal control characters") {
    auto e = error_of([] { name("\x1b[31m" + std::string(200, 'x')); });
    REQUIRE(e);
    CHECK(std::string(e->what()).find('\x1b') == std::string::npos);
    CHECK(std::string(e->what()).size() < 250);
}

TEST_CASE("A printed name escapes characters with a meaning in zone files") {
    CHECK(name("a\\.b.\\\\.\\\"\\;\\(\\)\\@\\$").to_string() == "a\\.b.\\\\.\\\"\\;\\(\\)\\@\\$");
}

TEST_CASE("A printed name has decimal escapes for all octets but printable ASCII") {
    CHECK(from_wire(octets("\4\0\n \177\1\377\0")).to_string() == "\\000\\010\\032\\127.\\255");
    for (int c = 0; c < 256; ++c)
        for (char shown : from_wire(Bytes{1, static_cast<char>(c), 0}).to_string()) {
            INFO(c);
            CHECK((shown > 0x20 && shown < 0x7f));
        }
}

}  // namespace saring::test::owner_name_text_test
