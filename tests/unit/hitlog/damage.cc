// Segments cut at every byte, and with every byte changed: every hit is read as it was written, or reported as lost.
#include "hitlog_support.h"

namespace saring::hitlog::test {
namespace {

// Three frames of records and one of dropped hits.
struct Small {
    explicit Small(bool closed) {
        Random random(9);
        auto w = log.writer();
        for (int i = 0; i < 3; ++i) {
            log.write(*w, random_hits(random, 5, noon_us + i * 2 * second_us));
            ends.push_back(file_bytes(log.files().front()).size());
        }
        HitCounts dropped(10);
        dropped.add_dropped({hour_of(noon_us), "B-1", name("a.example").wire(), "", Action::drop}, 4);
        w->add_dropped(dropped);
        w->flush(noon_us);
        if (closed) w->close(noon_us);
        file = log.files().front();
        content = file_bytes(file);
        hits = log.read();
        REQUIRE(hits.size() == 15);
    }
    Log log;
    std::string file;
    Bytes content;
    std::vector<std::size_t> ends;  // of the frames of records
    std::vector<Hit> hits;
};

bool are_among(const std::vector<Hit>& found, const std::vector<Hit>& all) {
    return std::all_of(found.begin(), found.end(),
                       [&](const Hit& h) { return std::find(all.begin(), all.end(), h) != all.end(); });
}

// Every query of the commands.
void query_all(const HitsReader& reader) {
    reader.summary();
    reader.each_order_hour(0, 0xffffff, [](const OrderHour&) {});
    reader.each_name_hour(0, 0xffffff, [](const NameHour&) {});
    reader.each_columns({}, [](const RecordColumns&, const std::vector<std::uint32_t>&) {});
}

}  // namespace

TEST_CASE("A segment cut at any byte gives all whole frames before the cut, and reports a torn tail") {
    for (bool closed : {false, true}) {
        Small s(closed);
        for (std::size_t size = 0; size < s.content.size(); ++size) {
            write_bytes(s.file, s.content.substr(0, size));
            auto reader = s.log.look();
            std::vector<Hit> found;
            reader.each({}, HitsReader::Direction::oldest_first,
                        [&](const Hit& h) { return found.push_back(h), true; });
            auto whole = static_cast<std::size_t>(
                std::count_if(s.ends.begin(), s.ends.end(), [&](auto end) { return end <= size; }));
            INFO(size << " of " << s.content.size());
            REQUIRE(found == std::vector<Hit>(s.hits.begin(), s.hits.begin() + static_cast<std::ptrdiff_t>(5 * whole)));
            query_all(reader);
            // At most a head or a trailer; and what the counts of a closed segment say is missing.
            auto missing = closed ? s.hits.size() - found.size() : 0;
            for (const auto& d : reader.damage()) REQUIRE((d.hits == 0 || d.hits == missing));
            REQUIRE(reader.summary().missing == missing);
        }
    }
}

TEST_CASE("After a change of any byte of a segment no wrong hit is read, and every lost hit is reported") {
    for (bool closed : {false, true}) {
        Small s(closed);
        for (std::size_t at = 0; at < s.content.size(); ++at)
            for (int mask : {0x01, 0xff}) {
                Bytes bad = s.content;
                bad[at] = static_cast<char>(bad[at] ^ mask);
                write_bytes(s.file, bad);
                auto reader = s.log.look();
                std::vector<Hit> found;
                reader.each({}, HitsReader::Direction::newest_first,
                            [&](const Hit& h) { return found.push_back(h), true; });
                query_all(reader);
                INFO("byte " << at << " of " << s.content.size() << (closed ? ", closed" : ""));
                REQUIRE(are_among(found, s.hits));
                // A lost frame is reported, or it is the torn tail of an open segment.
                bool torn = reader.segments().empty() || reader.segments().front()->torn_bytes() > 0;
                REQUIRE((found.size() == s.hits.size() || !reader.damage().empty() || torn));
                REQUIRE(found.size() >= s.hits.size() - 5);
            }
    }
}

TEST_CASE("Frames after damaged bytes are read, and the damage is reported with the number of hits lost") {
    Small s(true);
    for (std::size_t from : {s.ends[0] + 1, s.ends[0] + 70}) {  // the second frame's head, and its payload
        Bytes bad = s.content;
        for (std::size_t i = from; i < from + 10; ++i) bad[i] = '\x55';
        write_bytes(s.file, bad);
        auto reader = s.log.look();
        std::vector<Hit> found;
        reader.each({}, HitsReader::Direction::oldest_first, [&](const Hit& h) { return found.push_back(h), true; });
        CHECK(found.size() == 10);
        auto damage = reader.damage();
        REQUIRE(damage.size() == 1);
        CHECK(damage[0].file == s.file);
        CHECK(damage[0].offset == s.ends[0]);
        CHECK(damage[0].hits == 5);
        CHECK(damage[0].message().english().find("5 hits cannot be read") != std::string::npos);
    }
}

TEST_CASE("A frame of another segment is rejected") {
    Small s(false);
    Small other(false);
    // A stale disk block, as after a power failure, in the place of the last frame.
    Bytes bad = s.content.substr(0, s.ends[1]) + other.content.substr(other.ends[1]);
    write_bytes(s.file, bad);
    CHECK(s.log.read().size() == 10);
}

TEST_CASE("A named pipe or a device in place of a segment does not block a reader") {
    Small s(true);
    std::string pipe = s.log.options.path + "/" + segment_file_name(SegmentKind::hits, {5, 1}, noon_us);
    REQUIRE(::system(("mkfifo " + pipe + " && ln -s /dev/zero " + s.log.options.path + "/" +
                      segment_file_name(SegmentKind::hits, {6, 1}, noon_us))
                         .c_str()) == 0);
    CHECK(s.log.read().size() == 15);
}

}  // namespace saring::hitlog::test
