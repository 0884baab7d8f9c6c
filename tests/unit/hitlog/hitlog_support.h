// A hit log in a temporary folder, and random hits.
#pragma once

#include <algorithm>

#include "../support.h"
#include "hitlog/client.h"
#include "hitlog/writer.h"
#include "hits/purge.h"
#include "hits/reader.h"

namespace saring::hitlog::test {

using namespace saring::test;
using namespace saring::hits;

constexpr Microseconds noon_us = Microseconds{1700000000} * second_us;

struct Log {
    Log() {
        options.path = dir / "hits";
        options.instance = "ns1.isp.example";
        options.limits.max_size = std::uint64_t{64} << 20;
    }
    std::unique_ptr<HitLogWriter> writer() const { return std::make_unique<HitLogWriter>(options); }
    void write(HitLogWriter& w, const std::vector<Hit>& hits, Microseconds now = noon_us) const {
        for (const auto& h : hits) w.add(RecordOf(h));
        w.flush(now);
    }
    // Writes the hits in a run of their own and closes it.
    void write(const std::vector<Hit>& hits, Microseconds now = noon_us) const {
        auto w = writer();
        write(*w, hits, now);
        w->close(now);
    }
    HitsReader look() const { return HitsReader(std::make_shared<HitLog>(options.path)); }
    std::vector<Hit> read(const HitFilter& filter = {},
                          HitsReader::Direction direction = HitsReader::Direction::oldest_first) const {
        std::vector<Hit> out;
        auto reader = look();
        reader.each(filter, direction, [&](const Hit& h) {
            out.push_back(h);
            return true;
        });
        return out;
    }
    std::vector<std::string> files(SegmentKind kind = SegmentKind::hits) const {
        std::vector<std::string> out;
        for (const auto& f : segment_files(options.path))
            if (f.name.kind == kind) out.push_back(options.path + "/" + f.file_name);
        return out;
    }

    TempDir dir;
    WriterOptions options;
};

// Drawn from few names, clients, orders and regions, so that a filter accepts some hits and not all.
inline Hit random_hit(Random& random, Microseconds time = noon_us) {
    Hit h;
    h.time = time + static_cast<Microseconds>(random.below(1000000));
    h.instance = "ns1.isp.example";
    Prefix address = Prefix::parse((random.one_in(2) ? "192.0." : "198.51.") + std::to_string(random.below(3)) + "." +
                                   std::to_string(random.below(4)));
    if (!random.one_in(5)) h.client = stored_client(network_of(address, random.one_in(2) ? 24 : 32, 48));
    h.region = random.pick<std::string>({"", "ID-JK", "ID-PA", "ID-AC"});
    h.asn = random.one_in(2) ? 64500 : 0;
    h.transport = static_cast<Transport>(random.below(4));
    h.qtype = static_cast<std::uint16_t>(random.pick<int>({1, 28, 65, 257}));
    h.trigger = static_cast<Trigger>(random.below(3));
    std::string site = "site" + std::to_string(random.below(6)) + ".example";
    h.qname = name((random.one_in(2) ? "www." : "") +
                   (h.trigger == Trigger::qname ? site : "alias" + std::to_string(random.below(4)) + ".test"));
    if (h.trigger == Trigger::address)
        h.prefix = Prefix::parse("203.0.113." + std::to_string(16 * random.below(4)) + "/28");
    else h.listed = name(site);
    h.action = static_cast<Action>(random.pick<int>({0, 1, 2, 3, 4, 6}));
    h.order = "B-" + std::to_string(random.below(5)) + "/2024";
    h.serial = 1000 + random.below(3);
    return h;
}

// Hits within one second from `time` on.
inline std::vector<Hit> random_hits(Random& random, std::size_t n, Microseconds time = noon_us) {
    std::vector<Hit> out;
    for (std::size_t i = 0; i < n; ++i) out.push_back(random_hit(random, time));
    return out;
}

// Sets their sequences as one run does.
inline std::vector<Hit> numbered(std::vector<Hit> hits, std::uint64_t first = 1) {
    for (auto& h : hits) h.sequence = first++;
    return hits;
}
inline std::vector<Hit> by_time(std::vector<Hit> hits) {
    std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.time < b.time; });
    return hits;
}

Bytes file_bytes(const std::string& path);
void write_bytes(const std::string& path, ByteView bytes);

}  // namespace saring::hitlog::test
