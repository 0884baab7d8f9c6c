// The stored changes of one commit.
#include <zstd.h>

#include "ledger/changes.h"
#include "support.h"

namespace saring::test::changes_codec_test {
namespace {

ledger::Changes full() {
    ledger::Changes c;
    c.records = {{ledger::RecordTable::orders, be32(1), std::nullopt},
                 {ledger::RecordTable::orders, be32(7), octets("\0image")},
                 {ledger::RecordTable::documents, be32(7), Bytes()},
                 {ledger::RecordTable::lifts, octets("B-0\0example\0hoax\0"), be32(1)}};
    c.entries = {{true, false, {1, policy::Match::subtree}, key_of("hoax.example")},
                 {false, false, {7, policy::Match::exact}, key_of("fact.example")},
                 {true, true, {1, policy::Match::subtree}, prefix_key(Prefix::parse("203.0.113.0/28"))},
                 {false, true, {1, policy::Match::subtree}, prefix_key(Prefix::parse("2001:db8::/32"))}};
    c.whole_lists_added = {3, 4};
    return c;
}

void check_same(const ledger::Changes& a, const ledger::Changes& b) {
    CHECK(a.records == b.records);
    CHECK(a.whole_lists_added == b.whole_lists_added);
    REQUIRE(a.entries.size() == b.entries.size());
    for (std::size_t i = 0; i < a.entries.size(); ++i) {
        CHECK(a.entries[i].added == b.entries[i].added);
        CHECK(a.entries[i].address == b.entries[i].address);
        CHECK(a.entries[i].entry == b.entries[i].entry);
        CHECK(a.entries[i].key == b.entries[i].key);
    }
}

// Decompresses and compresses by hand, to make values that the codec never writes.
Bytes unpack(const Bytes& packed) {
    Bytes out(1 << 16, '\0');
    auto n = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
    REQUIRE_FALSE(ZSTD_isError(n));
    out.resize(n);
    return out;
}
Bytes pack(const Bytes& plain) {
    Bytes out(ZSTD_compressBound(plain.size()), '\0');
    auto n = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 1);
    REQUIRE_FALSE(ZSTD_isError(n));
    out.resize(n);
    return out;
}

}  // namespace

TEST_CASE("Changes of every kind survive storing") { check_same(ledger::decode_changes(encode(full())), full()); }

TEST_CASE("No changes survive storing") {
    check_same(ledger::decode_changes(encode(ledger::Changes{})), ledger::Changes{});
}

TEST_CASE("Many changes survive storing in few bytes") {
    ledger::Changes c;
    for (int i = 0; i < 20000; ++i)
        c.entries.push_back(
            {true, false, {1, policy::Match::subtree}, key_of("hoax-" + std::to_string(i) + ".example")});
    auto value = encode(c);
    CHECK(value.size() < 200000);
    auto again = ledger::decode_changes(value);
    REQUIRE(again.entries.size() == c.entries.size());
    CHECK(again.entries[19999].key == c.entries[19999].key);
}

TEST_CASE("Stored changes truncated at any byte are reported as corruption") {
    auto value = encode(full());
    for (std::size_t n = 0; n < value.size(); ++n) {
        INFO(n);
        require_error(ErrorKind::database, [&] { ledger::decode_changes(ByteView(value).substr(0, n)); });
    }
}

TEST_CASE("Changes truncated at any byte before compression are reported as corruption") {
    auto plain = unpack(encode(full()));
    for (std::size_t n = 0; n < plain.size(); ++n) {
        INFO(n);
        require_error(ErrorKind::database, [&] { ledger::decode_changes(pack(plain.substr(0, n))); });
    }
    require_error(ErrorKind::database, [&] { ledger::decode_changes(pack(plain + "x")); }, {"longer than its fields"});
}

TEST_CASE("Changes with an unknown match are reported as corruption") {
    auto c = full();
    c.entries[0].entry.match = static_cast<policy::Match>(3);
    require_error(ErrorKind::database, [&] { ledger::decode_changes(encode(c)); }, {"unknown match"});
}

TEST_CASE("Altered bytes in stored changes are reported or read without harm") {
    auto packed = encode(full()), plain = unpack(packed);
    Random random(61);
    for (int round = 0; round < 5000; ++round) {
        bool inside = random.one_in(2);
        auto altered = inside ? plain : packed;
        altered[random.below(altered.size())] = static_cast<char>(random.octet());
        auto e = error_of([&] { ledger::decode_changes(inside ? pack(altered) : altered); });
        if (e && e->kind() != ErrorKind::database) FAIL(e->what());
    }
}

TEST_CASE("An impossible decompressed size is refused before memory is allocated") {
    // A zstd frame header that claims 4 GiB over one empty block.
    Bytes value = octets("\x28\xb5\x2f\xfd\xe0\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00");
    REQUIRE(ZSTD_getFrameContentSize(value.data(), value.size()) == 4ull << 30);
    require_error(ErrorKind::database, [&] { ledger::decode_changes(value); }, {"no valid size"});
}

}  // namespace saring::test::changes_codec_test
