// The longest listed prefix that contains an address.
#include "policy_support.h"

namespace saring::test::snapshot_prefixes_test {
namespace {

// Prefixes, each listed by the order whose index is its position, from 1.
struct Prefixes {
    Store store;
    explicit Prefixes(const std::vector<Prefix>& listed) {
        Planter planter(store);
        for (std::size_t i = 0; i < listed.size(); ++i)
            planter.list(prefix_key(listed[i]), {{static_cast<policy::OrderIndex>(i + 1), policy::Match::subtree}},
                         true);
        planter.done();
    }
};

int full(const Prefix& p) { return p.family == 4 ? 32 : 128; }

std::optional<Prefix> find(const ledger::Snapshot& s, const Prefix& address, int length) {
    auto listed = s.closest_listed(address, length);
    if (!listed) return std::nullopt;
    REQUIRE(listed->entries.size() == 1);
    return listed->prefix;
}

bool bit(const Prefix& p, int at) { return p.address[static_cast<std::size_t>(at / 8)] >> (7 - at % 8) & 1; }

void flip(Prefix& p, int at) {
    p.address[static_cast<std::size_t>(at / 8)] ^= static_cast<std::uint8_t>(0x80 >> at % 8);
}

// The first `length` bits of an address.
Prefix cut(Prefix p, int length) {
    for (int i = length; i < full(p); ++i)
        if (bit(p, i)) flip(p, i);
    p.length = static_cast<std::uint8_t>(length);
    return p;
}

// Both families, an address with ones and zeros at every kind of place.
const std::vector<Prefix>& samples() {
    static const std::vector<Prefix> out{Prefix::parse("203.0.113.165"),
                                         Prefix::parse("0.0.0.0"),
                                         Prefix::parse("255.255.255.255"),
                                         Prefix::parse("2001:db8:5a:a5::96"),
                                         Prefix::parse("::"),
                                         Prefix::parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")};
    return out;
}

}  // namespace

TEST_CASE("Nothing contains any address of an empty table") {
    Prefixes none({});
    none.store.view([](const ledger::Snapshot& s) {
        for (const auto& address : samples()) CHECK_FALSE(find(s, address, full(address)));
    });
}

TEST_CASE("A prefix of every length is found for its addresses only") {
    for (const auto& address : samples()) {
        // One table for all: each prefix is added, looked up and removed.
        Store store;
        ledger::lmdb::WriteTxn txn(store.db->environment());
        ledger::Snapshot s(txn, store.db->tables());
        Bytes value;
        policy::append(value, {1, policy::Match::subtree});
        for (int length = 0; length <= full(address); ++length) {
            INFO(address.to_string() << " " << length);
            auto listed = cut(address, length);
            txn.put(store.db->tables().addresses, prefix_key(listed), value);
            CHECK(find(s, address, full(address)) == listed);
            CHECK(find(s, cut(address, length), length) == listed);
            for (int at = 0; at < full(address); ++at) {
                auto other = address;
                flip(other, at);
                if (find(s, other, full(other)) != (at < length ? std::nullopt : std::optional(listed)))
                    FAIL_CHECK("bit " << at);
            }
            txn.erase(store.db->tables().addresses, prefix_key(listed));
        }
        s.close();
    }
}

TEST_CASE("Of prefixes of all lengths the longest within the limit is found") {
    for (const auto& address : samples()) {
        std::vector<Prefix> all;
        for (int length = 0; length <= full(address); ++length) all.push_back(cut(address, length));
        Prefixes(all).store.view([&](const ledger::Snapshot& s) {
            for (int length = 0; length <= full(address); ++length)
                CHECK(find(s, address, length) == cut(address, length));
            CHECK_FALSE(find(s, address, -1));
        });
    }
}

TEST_CASE("A prefix longer than the limit is ignored") {
    Prefixes some({Prefix::parse("203.0.113.0/24"), Prefix::parse("203.0.0.0/16")});
    some.store.view([](const ledger::Snapshot& s) {
        auto address = Prefix::parse("203.0.113.7");
        CHECK(find(s, address, 24) == Prefix::parse("203.0.113.0/24"));
        CHECK(find(s, address, 23) == Prefix::parse("203.0.0.0/16"));
        CHECK(find(s, address, 16) == Prefix::parse("203.0.0.0/16"));
        CHECK_FALSE(find(s, address, 15));
    });
}

TEST_CASE("Listed neighbours in between do not hide a wide prefix") {
    std::vector<Prefix> listed{Prefix::parse("203.0.112.0/20")};
    for (int i = 0; i < 256; i += 2) listed.push_back(Prefix::parse("203.0.113." + std::to_string(i)));
    for (int i = 0; i < 255; i += 8) listed.push_back(Prefix::parse("203.0.114." + std::to_string(i) + "/31"));
    Prefixes(listed).store.view([](const ledger::Snapshot& s) {
        for (const char* text :
             {"203.0.112.0", "203.0.113.1", "203.0.113.255", "203.0.114.2", "203.0.114.255", "203.0.127.255"}) {
            INFO(text);
            CHECK(find(s, Prefix::parse(text), 32) == Prefix::parse("203.0.112.0/20"));
        }
        CHECK(find(s, Prefix::parse("203.0.113.8"), 32) == Prefix::parse("203.0.113.8"));
        CHECK_FALSE(find(s, Prefix::parse("203.0.128.0"), 32));
        CHECK_FALSE(find(s, Prefix::parse("203.0.111.255"), 32));
    });
}

TEST_CASE("The families are separate at both ends of their tables") {
    Prefixes v4({Prefix::parse("0.0.0.0/0"), Prefix::parse("255.255.255.255")}),
        v6({Prefix::parse("::/0"), Prefix::parse("::")});
    v4.store.view([](const ledger::Snapshot& s) {
        for (const auto& address : samples())
            if (address.family == 6) CHECK_FALSE(find(s, address, 128));
    });
    v6.store.view([](const ledger::Snapshot& s) {
        for (const auto& address : samples())
            if (address.family == 4) CHECK_FALSE(find(s, address, 32));
    });
}

TEST_CASE("All orders of the found prefix are returned") {
    Policy policy({Rule("B-1", {"203.0.113.0/24"}), Rule("B-2", {"203.0.113.0/25"}), Rule("B-3", {"203.0.113.0/24"})});
    policy.store.view([](const ledger::Snapshot& s) {
        auto listed = s.closest_listed(Prefix::parse("203.0.113.200"), 32);
        REQUIRE(listed);
        REQUIRE(listed->entries.size() == 2);
        CHECK(listed->entries[0].order == 1);
        CHECK(listed->entries[1].order == 3);
    });
}

TEST_CASE("For random prefixes the result agrees with a comparison with every listed one") {
    Random random(12);
    auto some = [&](bool whole) {
        Prefix p;
        p.family = random.one_in(2) ? 4 : 6;
        for (int i = 0; i < full(p); ++i)
            if (random.one_in(10)) flip(p, i);
        return cut(p, whole ? full(p) : static_cast<int>(random.below(static_cast<std::size_t>(full(p)) + 1)));
    };
    for (int round = 0; round < 12; ++round) {
        std::vector<Prefix> listed;
        for (int i = 0; i < 80; ++i) {
            auto p = some(false);
            if (std::find(listed.begin(), listed.end(), p) == listed.end()) listed.push_back(p);
        }
        Prefixes(listed).store.view([&](const ledger::Snapshot& s) {
            for (int i = 0; i < 500; ++i) {
                auto address = random.one_in(2) ? some(true) : random.pick(listed);
                address.length = static_cast<std::uint8_t>(full(address));
                auto limit = static_cast<int>(random.below(static_cast<std::size_t>(full(address)) + 1));
                std::optional<Prefix> wanted;
                for (const auto& p : listed) {
                    bool inside = p.family == address.family && p.length <= limit;
                    for (int at = 0; inside && at < p.length; ++at) inside = bit(p, at) == bit(address, at);
                    if (inside && (!wanted || p.length > wanted->length)) wanted = p;
                }
                INFO(address.to_string() << " " << limit);
                REQUIRE(find(s, address, limit) == wanted);
            }
        });
    }
}

}  // namespace saring::test::snapshot_prefixes_test
