// Frames, file names, and the columns of records.
#include "hitlog/crc32c.h"
#include "hitlog_support.h"

namespace saring::hitlog::test {
namespace {

struct Frame {
    FrameHeader header;
    Bytes payload;
};
Frame frame_of(const std::vector<Hit>& hits) {
    FrameBuilder b;
    for (const auto& h : hits) b.add(RecordOf(h));
    Packer packer;
    Frame f{b.header(), b.payload(packer, hits.front().instance)};
    f.header.size = static_cast<std::uint32_t>(f.payload.size());
    return f;
}
std::vector<Hit> hits_of(const Frame& f) {
    Unpacker unpacker;
    RecordColumns c(f.header, f.payload, unpacker);
    c.read_columns(unpacker);
    std::vector<Hit> out;
    for (std::size_t i = 0; i < c.size(); ++i) out.push_back(c.hit(i));
    return out;
}

}  // namespace

TEST_CASE("CRC32C gives the values of RFC 3720, appendix B.4") {
    CHECK(crc32c(0, Bytes(32, '\0')) == 0x8a9136aau);
    CHECK(crc32c(0, Bytes(32, '\xff')) == 0x62a8ab43u);
    CHECK(crc32c(0, "123456789") == 0xe3069283u);
    CHECK(crc32c(crc32c(0, "1234"), "56789") == 0xe3069283u);
    Random random(6);
    for (std::size_t size = 0; size < 100; ++size) {
        Bytes bytes;
        for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(random.octet()));
        CHECK(crc32c(7, bytes) == crc32c_in_software(7, bytes));
    }
}

TEST_CASE("A segment's name holds kind, run, number and begin time, in one spelling only") {
    auto text = segment_file_name(SegmentKind::counts, {0xab, 7}, noon_us);
    CHECK(text == "20231114T221320Z-00000000000000ab-000007.counts");
    auto back = parse_segment_name(text);
    REQUIRE(back);
    CHECK(back->kind == SegmentKind::counts);
    CHECK(back->id == SegmentId{0xab, 7});
    CHECK(back->begun == noon_us);
    CHECK_FALSE(back->claimed);
    CHECK(parse_segment_name(text + "~00000000000000cd")->claimed);
    for (const char* other :
         {"", "data.mdb", "20231114T221320Z-00000000000000AB-000007.hits", "20231114T221320Z-ab-000007.hits",
          "20231114T221320Z-00000000000000ab-7.hits", "20231114T221320Z-00000000000000ab-000007.hits.purging",
          "20231314T221320Z-00000000000000ab-000007.hits"})
        CHECK_FALSE(parse_segment_name(other));
}

TEST_CASE("Records survive a frame unchanged") {
    Random random(1);
    auto hits = numbered(random_hits(random, 500), 42);
    auto frame = frame_of(hits);
    CHECK(frame.header.a == 42);
    CHECK(frame.header.b == 541);
    CHECK(frame.header.count == 500);
    CHECK(hits_of(frame) == hits);
}

TEST_CASE("A frame keeps the gaps in sequences that a purge makes") {
    Random random(2);
    auto hits = random_hits(random, 20);
    for (std::size_t i = 0; i < hits.size(); ++i) hits[i].sequence = 100 + i * i;
    CHECK(hits_of(frame_of(hits)) == hits);
}

TEST_CASE("A hit of extreme values survives its frame") {
    Hit h;
    h.sequence = 1;
    h.time = -5;
    h.serial = ~std::uint64_t{0};
    h.asn = 4294967295u;
    h.qtype = 65535;
    h.qname = OwnerName::parse("\\000.example");
    h.listed = h.qname;
    h.order = std::string(300, 'x');
    Hit later = h;
    later.sequence = 2;
    later.time = 10;
    later.serial = 0;
    later.order = std::string(44, 'x');
    CHECK(hits_of(frame_of({h, later})) == std::vector<Hit>{h, later});
}

TEST_CASE("A payload with any byte changed or cut off is refused") {
    Random random(3);
    auto hits = numbered(random_hits(random, 50), 7);
    const auto good = frame_of(hits);
    for (std::size_t at = 0; at < good.payload.size(); ++at)
        for (int mask : {0x01, 0x80, 0xff}) {
            auto bad = good;
            bad.payload[at] = static_cast<char>(bad.payload[at] ^ mask);
            CHECK_FALSE(payload_is_sound(good.header, bad.payload, 5));
            error_of([&] { hits_of(bad); });  // with a CRC that fits by chance: an Error or other hits, no crash
        }
    for (std::size_t size = 0; size < good.payload.size(); ++size) {
        auto cut = good;
        cut.payload.resize(size);
        require_error(ErrorKind::database, [&] { hits_of(cut); });
    }
}

TEST_CASE("Counts survive a frame unchanged") {
    Random random(4);
    HitCounts counts(100);
    for (const auto& h : random_hits(random, 300)) {
        RecordOf record(h);
        const Record& r = record;
        random.one_in(3) ? counts.add_dropped(r.key()) : counts.add_recorded(r.key());
    }
    Packer packer;
    Unpacker unpacker;
    auto payload = counts.encode(packer, "ns1");
    CountsFrame back(payload, unpacker, CountsFrame::Part::all);
    CHECK(back.instance == "ns1");
    CHECK((back.total == 300 && back.dropped == counts.dropped() && back.uncounted == counts.uncounted()));
    CHECK(back.dropped_hours == counts.dropped_hours());
    HitCounts again(100);
    again.merge(back);
    CHECK(again.encode(packer, "ns1") == payload);
    for (std::size_t at = 0; at < payload.size(); ++at) {
        Bytes bad = payload;
        bad[at] = static_cast<char>(bad[at] ^ 0x11);
        error_of([&] { CountsFrame(bad, unpacker, CountsFrame::Part::all); });
    }
}

TEST_CASE("The sums of counts stay exact when there are more names than rows") {
    constexpr std::size_t max_rows = 1000;
    HitCounts counts(max_rows), merged(max_rows);
    for (std::size_t i = 0; i < max_rows + 500; ++i)
        counts.add_dropped({7, "B-1", name("n" + std::to_string(i) + ".example").wire(), "ID-JK", Action::nxdomain});
    merged.merge(counts);
    for (const HitCounts* c : {&counts, &merged}) {
        std::uint64_t names = 0, orders = 0, rows = 0;
        c->each_name([&](const HitCounts::NameRow& r) { names += r.n, ++rows; });
        c->each_order([&](const HitCounts::OrderRow& r) { orders += r.n; });
        CHECK((names == max_rows + 500 && orders == max_rows + 500));
        CHECK(rows <= max_rows + 1);
        CHECK(c->uncounted() >= 500);
        CHECK(c->uncounted() <= 501);  // the row without order and name may take the place of one
    }
}

TEST_CASE("A thousand hits of one second take about 20 bytes each") {
    Random random(5);
    std::vector<Hit> hits;
    for (int i = 0; i < 1000; ++i) {
        hits.push_back(random_hit(random));
        hits.back().time = noon_us + i * 1000;
    }
    CHECK(frame_of(numbered(hits)).payload.size() < 25 * hits.size());
}

}  // namespace saring::hitlog::test
