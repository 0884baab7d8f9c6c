// A hits database of a test's own, and random hits as resolvers would tell them.
#pragma once

#include "../support.h"
#include "hits/client.h"
#include "hits/maintenance.h"
#include "hits/reader.h"
#include "hits/writer.h"

namespace saring::test {

constexpr hits::Microseconds noon_us = hits::Microseconds{1700000000} * hits::second_us;

struct HitsStore {
    HitsStore() {
        config.path = dir / "hits";
        config.instance = "ns1.isp.example";
        config.max_size = std::size_t{64} << 20;
        db = hits::HitsDatabase::create(config);
    }
    void write(const std::vector<hits::Hit>& hits, hits::Microseconds now = noon_us) {
        hits::HitsWriter writer(db, config);
        hits::HitBatch batch;
        for (const auto& h : hits) batch.add(h);
        writer.commit(batch, now);
    }
    std::vector<hits::Hit> read(const hits::HitFilter& filter = {}, hits::HitsReader::Direction direction = hits::HitsReader::Direction::oldest_first) const {
        std::vector<hits::Hit> out;
        hits::HitsReader(db).each(filter, direction, [&](const hits::Hit& h) {
            out.push_back(h);
            return true;
        });
        return out;
    }

    TempDir dir;
    config::HitsConfig config;
    std::shared_ptr<hits::HitsDatabase> db;
};

// One of few names, clients, orders and regions, so that filters find some and not all.
inline hits::Hit random_hit(Random& random, hits::Microseconds time = noon_us) {
    hits::Hit h;
    h.time = time + static_cast<hits::Microseconds>(random.below(4)) * 3600 * hits::second_us + static_cast<hits::Microseconds>(random.below(1000000));
    h.instance = "ns1.isp.example";
    Prefix address = Prefix::parse((random.one_in(2) ? "192.0." : "198.51.") + std::to_string(random.below(3)) + "." + std::to_string(random.below(4)));
    if (!random.one_in(5)) h.client = hits::stored_client(hits::network_of(address, random.one_in(2) ? 24 : 32, 48));
    h.region = random.pick<std::string>({"", "ID-JK", "ID-PA", "ID-AC"});
    h.asn = random.one_in(2) ? 64500 : 0;
    h.transport = static_cast<hits::Transport>(random.below(4));
    h.qtype = static_cast<std::uint16_t>(random.pick<int>({1, 28, 65, 257}));
    h.trigger = static_cast<policy::Trigger>(random.below(3));
    std::string site = "site" + std::to_string(random.below(6)) + ".example";
    h.qname = name((random.one_in(2) ? "www." : "") + (h.trigger == policy::Trigger::qname ? site : "alias" + std::to_string(random.below(4)) + ".test"));
    if (h.trigger == policy::Trigger::address)
        h.prefix = Prefix::parse("203.0.113." + std::to_string(16 * random.below(4)) + "/28");
    else
        h.listed = name(site);
    h.action = static_cast<policy::Action>(random.pick<int>({0, 1, 2, 3, 4, 6}));
    h.order = "B-" + std::to_string(random.below(5)) + "/2024";
    h.serial = 1000 + random.below(3);
    return h;
}

inline std::vector<hits::Hit> random_hits(Random& random, std::size_t n, hits::Microseconds time = noon_us) {
    std::vector<hits::Hit> out;
    for (std::size_t i = 0; i < n; ++i) out.push_back(random_hit(random, time));
    return out;
}

}  // namespace saring::test
