// A hits database of a test's own, and random hits as resolvers would tell them.
#pragma once

#include "../support.h"
#include "hits/maintenance.h"
#include "hits/reader.h"
#include "hits/writer.h"

namespace saring::test {

constexpr Microseconds noon_us = Microseconds{1700000000} * second_us;

struct HitsStore {
    HitsStore() {
        config.path = dir / "hits";
        config.instance = "ns1.isp.example";
        config.max_size = std::size_t{64} << 20;
        db = HitsDatabase::create(config);
    }
    void write(const std::vector<Hit>& hits, Microseconds now = noon_us) {
        HitsWriter writer(db, config);
        HitBatch batch;
        for (const auto& h : hits) batch.add(h);
        writer.commit(batch, now);
    }
    std::vector<Hit> read(const HitFilter& filter = {}, HitsReader::Direction direction = HitsReader::Direction::oldest_first) const {
        std::vector<Hit> out;
        HitsReader(db).each(filter, direction, [&](const Hit& h) {
            out.push_back(h);
            return true;
        });
        return out;
    }

    TempDir dir;
    HitsConfig config;
    std::shared_ptr<HitsDatabase> db;
};

// One of few names, clients, orders and regions, so that filters find some and not all.
inline Hit random_hit(Random& random, Microseconds time = noon_us) {
    Hit h;
    h.time = time + static_cast<Microseconds>(random.below(4)) * 3600 * second_us + static_cast<Microseconds>(random.below(1000000));
    h.instance = "ns1.isp.example";
    Prefix address = Prefix::parse((random.one_in(2) ? "192.0." : "198.51.") + std::to_string(random.below(3)) + "." + std::to_string(random.below(4)));
    if (!random.one_in(5)) h.client = stored_client(network_of(address, random.one_in(2) ? 24 : 32, 48));
    h.region = random.pick<std::string>({"", "ID-JK", "ID-PA", "ID-AC"});
    h.asn = random.one_in(2) ? 64500 : 0;
    h.transport = static_cast<Transport>(random.below(4));
    h.qtype = static_cast<std::uint16_t>(random.pick<int>({1, 28, 65, 257}));
    h.trigger = static_cast<Trigger>(random.below(3));
    std::string site = "site" + std::to_string(random.below(6)) + ".example";
    h.qname = name((random.one_in(2) ? "www." : "") + (h.trigger == Trigger::qname ? site : "alias" + std::to_string(random.below(4)) + ".test"));
    if (h.trigger == Trigger::address)
        h.prefix = Prefix::parse("203.0.113." + std::to_string(16 * random.below(4)) + "/28");
    else
        h.listed = name(site);
    h.action = static_cast<Action>(random.pick<int>({0, 1, 2, 3, 4, 6}));
    h.order = "B-" + std::to_string(random.below(5)) + "/2024";
    h.serial = 1000 + random.below(3);
    return h;
}

inline std::vector<Hit> random_hits(Random& random, std::size_t n, Microseconds time = noon_us) {
    std::vector<Hit> out;
    for (std::size_t i = 0; i < n; ++i) out.push_back(random_hit(random, time));
    return out;
}

}  // namespace saring::test
