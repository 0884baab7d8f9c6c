// The map of the landing site against decide(), on random policies, read as nginx reads it.
#include "landing/hosts.h"
#include "landing/page.h"
#include "store_support.h"

using namespace saring;
using namespace saring::test;

namespace {

// nginx's ngx_http_map with `hostnames`: the exact name, then the longest wildcard.
const PageChoice* find(const std::map<std::string, PageChoice>& map, const std::string& host) {
    for (const std::string& form : {host, "." + host})
        if (auto at = map.find(form); at != map.end()) return &at->second;
    for (auto dot = host.find('.'); dot != std::string::npos; dot = host.find('.', dot + 1))
        for (const std::string& form : {"*" + host.substr(dot), host.substr(dot)})
            if (auto at = map.find(form); at != map.end()) return &at->second;
    return nullptr;
}

std::string form_of(ByteView key, const HostLine& line) {
    auto text = map_line(key, line, "x");
    return text.substr(text[0] == '\\' ? 1 : 0, text.find(' ') - (text[0] == '\\' ? 1 : 0));
}

struct Walked {
    std::map<std::string, PageChoice> map;
    explicit Walked(const Store& store, const PageOrders& orders, const EndedNames& ended = {}) {
        store.view([&](const Snapshot& s) {
            walk_hosts(s, orders, ended, [&](ByteView key, const HostLine& line) {
                auto [at, fresh] = map.emplace(form_of(key, line), line.choice);
                REQUIRE(fresh);  // nginx refuses a map with a name twice
            });
        });
    }
    PageRank rank(const std::string& host) const {
        auto* choice = find(map, host);
        return choice ? choice->rank : PageRank::none;
    }
};

OrderRecord record(const std::string& id, UnixTime issued, Action action, OrderKind kind) {
    OrderRecord r;
    r.id = id;
    r.kind = kind;
    r.action = action;
    r.issued = issued;
    r.effective = noon - day;
    r.expires = noon + day;
    return r;
}

}  // namespace

TEST_CASE("landing map: on random policies of orders, nginx finds the page of the order that decides, and no page where none does") {
    std::mt19937 random(42);
    auto label = [&] { return std::string(1, static_cast<char>('a' + random() % 3)); };
    auto random_name = [&] {
        std::string out = label();
        for (auto n = random() % 3; n > 0; --n) out += "." + label();
        return out + ".test";
    };
    for (int round = 0; round < 60; ++round) {
        Store store;
        PageOrders orders;
        std::map<std::string, std::vector<Entry>> listed;
        {
            Planter planter(store);
            for (int n = 0; n < 12; ++n) {
                bool local = random() % 6 == 0;
                auto action = random() % 4 == 0 || local ? Action::passthru : Action::redirect;
                auto issued = noon - day + static_cast<UnixTime>(random() % 4);
                auto index = planter.order(record("B-" + std::to_string(n), issued, action, local ? OrderKind::local : OrderKind::order));
                orders[index] = {action == Action::passthru ? PageRank::pass : PageRank::order, local, issued};
                for (int t = 0; t < 3; ++t) {
                    auto& entries = listed[random_name()];
                    bool there = false;
                    for (const auto& e : entries) there |= e.order == index;
                    if (!there) entries.push_back({index, static_cast<Match>(random() % 3)});
                }
            }
            for (const auto& [name, entries] : listed) planter.list(key_of(name), entries);
            planter.done();
        }
        Walked walked(store, orders);
        store.view([&](const Snapshot& s) {
            for (int i = 0; i < 300; ++i) {
                auto host = random_name();
                auto verdict = decide(s, name(host), {noon, nullptr, Action::nxdomain});
                auto* choice = find(walked.map, host);
                INFO(host);
                if (verdict.outcome == Outcome::block) {
                    REQUIRE(choice);
                    CHECK(choice->rank == PageRank::order);
                    CHECK(choice->index == verdict.by->index);
                } else {
                    CHECK((!choice || choice->is_over()));
                }
            }
        });
    }
}

TEST_CASE("landing map: a signed order above speaks before a closer list, and a list where no order does") {
    Store store;
    PageOrders orders;
    {
        Planter planter(store);
        auto order = planter.order(record("B-1", noon, Action::redirect, OrderKind::order));
        auto list = planter.order(record("list:x", noon + 1, Action::redirect, OrderKind::list));
        orders[order] = {PageRank::order, false, noon};
        orders[list] = {PageRank::provider, false, noon + 1};
        planter.list(key_of("hoax.test"), {{order, Match::subtree}, {list, Match::subtree}});
        planter.list(key_of("www.hoax.test"), {{list, Match::subtree}});
        planter.list(key_of("other.test"), {{list, Match::below}});
        planter.done();
    }
    Walked walked(store, orders);
    CHECK(walked.map.size() == 2);
    CHECK(walked.rank("a.www.hoax.test") == PageRank::order);
    CHECK(walked.rank("www.other.test") == PageRank::provider);
    CHECK(walked.rank("other.test") == PageRank::none);
}

TEST_CASE("landing map: an ended name says so only where nothing blocks it") {
    Store store;
    PageOrders orders;
    {
        Planter planter(store);
        auto order = planter.order(record("B-1", noon, Action::redirect, OrderKind::order));
        orders[order] = {PageRank::order, false, noon};
        planter.list(key_of("hoax.test"), {{order, Match::subtree}});
        planter.done();
    }
    Walked walked(store, orders, {{Bytes(key_of("www.hoax.test")), Match::subtree}, {Bytes(key_of("over.test")), Match::exact}, {Bytes(key_of("a.test")), Match::subtree}});
    CHECK(walked.rank("www.hoax.test") == PageRank::order);
    CHECK(walked.rank("over.test") == PageRank::ended);
    CHECK(walked.rank("x.over.test") == PageRank::none);
    CHECK(walked.rank("x.a.test") == PageRank::ended);
}

TEST_CASE("landing map: a name that a Host header cannot carry has no line, and none is one of nginx's own words") {
    CHECK(map_line(key_of("a\\032b.test"), {true, true, {}}, "p").empty());
    CHECK(map_line(key_of("a\\;b.test"), {true, true, {}}, "p").empty());
    CHECK(map_line(key_of("default"), {true, false, {}}, "p") == "\\default p;\n");
    CHECK(map_line(key_of("_x.test"), {false, true, {}}, "p") == "*._x.test p;\n");
}

TEST_CASE("landing page: times are told as they are told in Indonesia") {
    CHECK(spoken_time(at("2099-02-28T23:59:59+07:00"), "id") == "28 Februari 2099 pukul 23.59 WIB");
    CHECK(spoken_time(at("2024-02-14T17:00:00Z"), "en") == "15 February 2024, 00:00 WIB (UTC+7)");
    CHECK(spoken_time(at("1969-12-31T17:05:00Z"), "jv") == "1970-01-01 00:05 WIB");
}
