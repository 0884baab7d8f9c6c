#include "hits_support.h"

namespace saring::test::hits_block_test {
namespace {

Bytes block_of(const std::vector<hits::Hit>& hits, std::uint64_t first) {
    hits::BlockBuilder b;
    for (const auto& h : hits) b.add(h);
    return b.encode(first);
}

}  // namespace

TEST_CASE("A block of hits comes back as it was written, numbered from its key") {
    Random random(1);
    auto hits = random_hits(random, 500);
    Bytes block = block_of(hits, 42);
    auto back = hits::decode_block(42, block);
    for (std::size_t i = 0; i < hits.size(); ++i) hits[i].sequence = 42 + i;
    CHECK(back == hits);
    auto head = hits::decode_block_head(block);
    CHECK(head.count == 500);
    CHECK(head.last_sequence == 541);
}

TEST_CASE("A block keeps sequences with gaps, as a purge leaves them") {
    Random random(2);
    auto hits = random_hits(random, 20);
    hits::BlockBuilder b;
    for (std::size_t i = 0; i < hits.size(); ++i) {
        hits[i].sequence = 100 + i * i;
        b.add(hits[i]);
    }
    CHECK(hits::decode_block(100, b.encode_kept()) == hits);
}

TEST_CASE("A hit of extreme values survives its block") {
    hits::Hit h;
    h.time = -5;
    h.serial = ~std::uint64_t{0};
    h.asn = 4294967295u;
    h.qtype = 65535;
    h.qname = from_wire(Bytes("\x01\x00\x00", 3));
    h.listed = h.qname;
    h.order = std::string(200, 'x');
    hits::Hit later = h;
    later.time = 4102444800 * hits::second_us;
    later.serial = 0;
    std::vector<hits::Hit> hits{h, later};
    auto back = hits::decode_block(1, block_of(hits, 1));
    hits[0].sequence = 1;
    hits[1].sequence = 2;
    CHECK(back == hits);
}

TEST_CASE("A damaged block of hits is reported, whichever octet is damaged") {
    Random random(3);
    auto hits = random_hits(random, 50);
    const Bytes good = block_of(hits, 7);
    auto whole = hits::decode_block(7, good);
    for (std::size_t at = 0; at < good.size(); ++at)
        for (int mask : {0x01, 0x80, 0xff}) {
            Bytes bad = good;
            bad[at] = static_cast<char>(bad[at] ^ mask);
            // Some damage to times and numbers cannot be told; nothing else may happen.
            error_of([&] { hits::decode_block(7, bad); });
        }
    for (std::size_t size = 0; size < good.size(); ++size) require_error(ErrorKind::database, [&] { hits::decode_block(7, good.substr(0, size)); });
    CHECK(hits::decode_block(7, good) == whole);
}

TEST_CASE("A thousand hits of one second take about twenty octets each") {
    Random random(4);
    std::vector<hits::Hit> hits;
    for (int i = 0; i < 1000; ++i) {
        hits.push_back(random_hit(random));
        hits.back().time = noon_us + i * 1000;
    }
    CHECK(block_of(hits, 1).size() < 25 * hits.size());
}

}  // namespace saring::test::hits_block_test
