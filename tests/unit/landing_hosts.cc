// The landing site's map against decide(), on random policies, evaluated like nginx.
#include "landing/hosts.h"
#include "landing/page.h"
#include "store_support.h"

using namespace saring;
using namespace saring::test;

namespace {

// nginx's ngx_http_map with `hostnames`: the exact name, then the longest wildcard.
const landing::PageChoice* find(const std::map<std::string, landing::PageChoice>& map, const std::string& host) {
    for (const std::string& form : {host, "." + host})
        if (auto at = map.find(form); at != map.end()) return &at->second;
    for (auto dot = host.find('.'); dot != std::string::npos; dot = host.find('.', dot + 1))
        for (const std::string& form : {"*" + host.substr(dot), host.substr(dot)})
            if (auto at = map.find(form); at != map.end()) return &at->second;
    return nullptr;
}

std::string form_of(ByteView key, const landing::HostLine& line) {
    auto text = map_line(key, line, "x");
    return text.substr(text[0] == '\\' ? 1 : 0, text.find(' ') - (text[0] == '\\' ? 1 : 0));
}

struct Walked {
    std::map<std::string, landing::PageChoice> map;
    explicit Walked(const Store& store, const landing::PageOrders& orders, const landing::EndedNames& ended = {}) {
        store.view([&](const ledger::Snapshot& s) {
            walk_hosts(s, orders, ended, [&](ByteView key, const landing::HostLine& line) {
                auto [at, fresh] = map.emplace(form_of(key, line), line.choice);
                REQUIRE(fresh);  // nginx refuses a map with a duplicate name
            });
        });
    }
    landing::PageRank rank(const std::string& host) const {
        auto* choice = find(map, host);
        return choice ? choice->rank : landing::PageRank::none;
    }
};

policy::OrderRecord record(const std::string& id, UnixTime issued, policy::Action action, policy::OrderKind kind) {
    policy::OrderRecord r;
    r.id = id;
    r.kind = kind;
    r.action = action;
    r.issued = issued;
    r.effective = noon - day;
    r.expires = noon + day;
    return r;
}

}  // namespace

TEST_CASE(
    "landing map: on random policies of orders, nginx finds the page of the order that decides, and no page where none "
    "does") {
    std::mt19937 random(42);
    auto label = [&] { return std::string(1, static_cast<char>('a' + random() % 3)); };
    auto random_name = [&] {
        std::string out = label();
        for (auto n = random() % 3; n > 0; --n) out += "." + label();
        return out + ".test";
    };
    for (int round = 0; round < 60; ++round) {
        Store store;
        landing::PageOrders orders;
        std::map<std::string, std::vector<policy::Entry>> listed;
        {
            Planter planter(store);
            for (int n = 0; n < 12; ++n) {
                bool local = random() % 6 == 0;
                auto action = random() % 4 == 0 || local ? policy::Action::passthru : policy::Action::redirect;
                auto issued = noon - day + static_cast<UnixTime>(random() % 4);
                auto index = planter.order(record("B-" + std::to_string(n), issued, action,
                                                  local ? policy::OrderKind::local : policy::OrderKind::order));
                orders[index] = {
                    action == policy::Action::passthru ? landing::PageRank::pass : landing::PageRank::order, local,
                    issued};
                for (int t = 0; t < 3; ++t) {
                    auto& entries = listed[random_name()];
                    bool there = false;
                    for (const auto& e : entries) there |= e.order == index;
                    if (!there) entries.push_back({index, static_cast<policy::Match>(random() % 3)});
                }
            }
            for (const auto& [name, entries] : listed) planter.list(key_of(name), entries);
            planter.done();
        }
        Walked walked(store, orders);
        store.view([&](const ledger::Snapshot& s) {
            for (int i = 0; i < 300; ++i) {
                auto host = random_name();
                auto verdict = decide(s, name(host), {noon, nullptr, policy::Action::nxdomain});
                auto* choice = find(walked.map, host);
                INFO(host);
                if (verdict.outcome == policy::Outcome::block) {
                    REQUIRE(choice);
                    CHECK(choice->rank == landing::PageRank::order);
                    CHECK(choice->index == verdict.by->index);
                } else {
                    CHECK((!choice || choice->is_over()));
                }
            }
        });
    }
}

TEST_CASE("landing map: a signed order above takes precedence over a closer list, which applies without one") {
    Store store;
    landing::PageOrders orders;
    {
        Planter planter(store);
        auto order = planter.order(record("B-1", noon, policy::Action::redirect, policy::OrderKind::order));
        auto list = planter.order(record("list:x", noon + 1, policy::Action::redirect, policy::OrderKind::list));
        orders[order] = {landing::PageRank::order, false, noon};
        orders[list] = {landing::PageRank::provider, false, noon + 1};
        planter.list(key_of("hoax.test"), {{order, policy::Match::subtree}, {list, policy::Match::subtree}});
        planter.list(key_of("www.hoax.test"), {{list, policy::Match::subtree}});
        planter.list(key_of("other.test"), {{list, policy::Match::below}});
        planter.done();
    }
    Walked walked(store, orders);
    CHECK(walked.map.size() == 2);
    CHECK(walked.rank("a.www.hoax.test") == landing::PageRank::order);
    CHECK(walked.rank("www.other.test") == landing::PageRank::provider);
    CHECK(walked.rank("other.test") == landing::PageRank::none);
}

TEST_CASE("landing map: an ended name is marked so only where nothing blocks it") {
    Store store;
    landing::PageOrders orders;
    {
        Planter planter(store);
        auto order = planter.order(record("B-1", noon, policy::Action::redirect, policy::OrderKind::order));
        orders[order] = {landing::PageRank::order, false, noon};
        planter.list(key_of("hoax.test"), {{order, policy::Match::subtree}});
        planter.done();
    }
    Walked walked(store, orders,
                  {{Bytes(key_of("www.hoax.test")), policy::Match::subtree},
                   {Bytes(key_of("over.test")), policy::Match::exact},
                   {Bytes(key_of("a.test")), policy::Match::subtree}});
    CHECK(walked.rank("www.hoax.test") == landing::PageRank::order);
    CHECK(walked.rank("over.test") == landing::PageRank::ended);
    CHECK(walked.rank("x.over.test") == landing::PageRank::none);
    CHECK(walked.rank("x.a.test") == landing::PageRank::ended);
}

TEST_CASE("landing map: a name that a Host header cannot carry has no line, and no line is one of nginx's keywords") {
    CHECK(landing::map_line(key_of("a\\032b.test"), {true, true, {}}, "p").empty());
    CHECK(landing::map_line(key_of("a\\;b.test"), {true, true, {}}, "p").empty());
    CHECK(landing::map_line(key_of("default"), {true, false, {}}, "p") == "\\default p;\n");
    CHECK(landing::map_line(key_of("_x.test"), {false, true, {}}, "p") == "*._x.test p;\n");
}

TEST_CASE("landing page: times are in Indonesian notation") {
    CHECK(landing::spoken_time(at("2099-02-28T23:59:59+07:00"), "id") == "28 Februari 2099 pukul 23.59 WIB");
    CHECK(landing::spoken_time(at("2024-02-14T17:00:00Z"), "en") == "15 February 2024, 00:00 WIB (UTC+7)");
    CHECK(landing::spoken_time(at("1969-12-31T17:05:00Z"), "jv") == "1970-01-01 00:05 WIB");
}
