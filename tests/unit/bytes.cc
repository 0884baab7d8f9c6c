// The encoding of every stored value.
#include "base/bytes.h"

#include <limits>

#include "support.h"

namespace saring::test::bytes_test {

TEST_CASE("Stored integers are little-endian of their own width") {
    ByteWriter w;
    w.integer(std::uint8_t{1});
    w.integer(std::uint32_t{0x01020304});
    w.integer(std::int64_t{-2});
    CHECK(w.take() == octets("\1\4\3\2\1\376\377\377\377\377\377\377\377"));
}

TEST_CASE("Stored values read back at their extremes") {
    ByteWriter w;
    w.integer(std::numeric_limits<std::int64_t>::min());
    w.integer(std::numeric_limits<std::int64_t>::max());
    w.integer(std::numeric_limits<std::uint64_t>::max());
    w.integer(std::numeric_limits<std::uint16_t>::max());
    w.bytes("");
    w.bytes(octets("a\0b"));
    Bytes value = w.take();
    ByteReader in(value, "test value");
    CHECK(in.integer<std::int64_t>() == std::numeric_limits<std::int64_t>::min());
    CHECK(in.integer<std::int64_t>() == std::numeric_limits<std::int64_t>::max());
    CHECK(in.integer<std::uint64_t>() == std::numeric_limits<std::uint64_t>::max());
    CHECK(in.integer<std::uint16_t>() == std::numeric_limits<std::uint16_t>::max());
    CHECK(in.bytes().empty());
    CHECK(in.bytes() == octets("a\0b"));
    CHECK(in.empty());
    CHECK_NOTHROW(in.finish());
}

TEST_CASE("Reading past the end of a value is corruption that names the value") {
    ByteReader in("abc", "test value");
    require_error(ErrorKind::database, [&] { in.integer<std::uint32_t>(); }, {"test value", "cut short"});
}

TEST_CASE("A length beyond the end of the value is corruption") {
    Bytes value = octets("\377\377\377\377abc");
    ByteReader in(value, "test value");
    require_error(ErrorKind::database, [&] { in.bytes(); }, {"test value", "cut short"});
}

TEST_CASE("Bytes after the last field are corruption") {
    ByteReader in("a", "test value");
    require_error(ErrorKind::database, [&] { in.finish(); }, {"test value", "longer than its fields"});
}

TEST_CASE("Big-endian keys read back and sort by value") {
    std::vector<std::uint64_t> values{
        0, 1, 255, 256, 0xffffffff, 0x100000000, std::numeric_limits<std::uint64_t>::max()};
    for (std::size_t i = 0; i < values.size(); ++i) {
        CHECK(from_be(be64(values[i])) == values[i]);
        if (i > 0) CHECK(be64(values[i - 1]) < be64(values[i]));
    }
    CHECK(be32(0x01020304) == octets("\1\2\3\4"));
    CHECK(from_be(be32(0xfffffffe)) == 0xfffffffe);
}

}  // namespace saring::test::bytes_test
