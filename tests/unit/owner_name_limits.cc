// The limits of RFC 1035 section 2.3.4, at the limit and one octet beyond.
#include "support.h"

namespace saring::test::owner_name_limits_test {
namespace {

// A name of `wire` octets in wire format, made of the longest labels possible.
std::string text_of_wire_size(std::size_t wire) {
    std::string text;
    std::size_t left = wire - 1;
    while (left > 0) {
        std::size_t label = std::min<std::size_t>(63, left - 1);
        if (left - label - 1 == 1) --label;  // one octet left over could hold no label
        text += (text.empty() ? "" : ".") + std::string(label, 'a');
        left -= label + 1;
    }
    return text;
}

}  // namespace

TEST_CASE("A label of 63 octets is accepted and one of 64 is refused") {
    CHECK(name(std::string(63, 'a') + ".example").label_count() == 2);
    require_error(ErrorKind::usage, [] { name(std::string(64, 'a') + ".example"); }, {"63 octets"});
}

TEST_CASE("An escape counts as one octet") {
    std::string label;
    for (int i = 0; i < 63; ++i) label += "\\001";
    CHECK(name(label).wire().size() == 65);
    require_error(ErrorKind::usage, [&] { name(label + "\\001"); }, {"63 octets"});
}

TEST_CASE("A name of 255 octets is accepted with and without its final dot") {
    auto text = text_of_wire_size(255);
    CHECK(name(text).wire().size() == 255);
    CHECK(name(text + ".") == name(text));
}

TEST_CASE("A name of 256 octets is refused with and without its final dot") {
    auto text = text_of_wire_size(256);
    require_error(ErrorKind::usage, [&] { name(text); }, {"255 octets"});
    require_error(ErrorKind::usage, [&] { name(text + "."); }, {"255 octets"});
}

TEST_CASE("Names of every wire size up to 255 octets are read") {
    for (std::size_t size = 3; size <= 255; ++size) {
        INFO(size);
        auto n = name(text_of_wire_size(size));
        CHECK(n.wire().size() == size);
        CHECK(name(n.to_string()) == n);
    }
}

TEST_CASE("A name of 127 labels is accepted and one of 128 is refused") {
    std::string text = "a";
    for (int i = 1; i < 127; ++i) text += ".a";
    CHECK(name(text).label_count() == 127);
    require_error(ErrorKind::usage, [&] { name(text + ".a"); }, {"255 octets"});
}

TEST_CASE("A text far longer than any name is refused") {
    require_error(ErrorKind::usage, [] { name(std::string(100000, 'a')); });
    std::string dotted;
    for (int i = 0; i < 50000; ++i) dotted += "a.";
    require_error(ErrorKind::usage, [&] { name(dotted); });
}

}  // namespace saring::test::owner_name_limits_test
