// The exported zone, interpreted by RFC 1034, against decide().
#include <sstream>

#include "catch.h"
#include "rpz/export.h"
#include "store_support.h"

namespace saring::test::rpz_export_random_test {
namespace {

// Owners relative to the origin -> data, and all names that exist because of them.
struct Zone {
    std::map<std::string, std::string> records;
    std::set<std::string> exist{""};

    explicit Zone(const std::string& text) {
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);) {
            if (line.empty() || line[0] == ';' || line[0] == '$' || line[0] == '@') continue;
            auto owner = line.substr(0, line.find(' '));
            records[owner] = line.substr(line.find(' ') + 1);
            for (auto at = owner; !at.empty(); at = parent(at)) exist.insert(at);
        }
    }
    static std::string parent(const std::string& n) {
        return n.find('.') == std::string::npos ? "" : n.substr(n.find('.') + 1);
    }

    std::string ask(const std::string& n) const {
        if (exist.count(n)) return records.count(n) ? records.at(n) : "";
        auto encloser = parent(n);
        while (!exist.count(encloser)) encloser = parent(encloser);
        auto wild = "*." + encloser;
        return records.count(wild) ? records.at(wild) : "";
    }
};

std::string expected(const policy::Verdict& v) {
    if (!v.by) return "";
    switch (v.by->action) {
        case policy::Action::nxdomain:
        case policy::Action::refused: return "CNAME .";
        case policy::Action::nodata: return "CNAME *.";
        case policy::Action::drop: return "CNAME rpz-drop.";
        case policy::Action::redirect: return "CNAME landing.example.";
        case policy::Action::passthru: return "CNAME rpz-passthru.";
        case policy::Action::log: return "";
    }
    return "?";
}

std::string random_name(Random& random, std::size_t max_labels) {
    std::string out = "example";
    for (auto n = random.between(1, max_labels); n > 0; --n)
        out = std::string(1, static_cast<char>('a' + random.below(3))) + "." + out;
    return out;
}

policy::OrderRecord random_order(Random& random, int number) {
    static const std::vector<std::optional<policy::Action>> actions{std::nullopt,
                                                                    policy::Action::nxdomain,
                                                                    policy::Action::nodata,
                                                                    policy::Action::refused,
                                                                    policy::Action::redirect,
                                                                    policy::Action::drop,
                                                                    policy::Action::passthru,
                                                                    policy::Action::passthru,
                                                                    policy::Action::log};
    policy::OrderRecord r;
    r.id = "B-" + std::to_string(number);
    r.action = random.pick(actions);
    r.issued = noon - static_cast<UnixTime>(random.below(5)) * day;
    r.effective = random.one_in(8) ? noon + day : noon - day;
    r.expires = random.one_in(8) ? noon - 1 : noon + 10 * day;
    if (random.one_in(8)) r.lifted = noon - 1;
    if (random.one_in(4)) r.kind = policy::OrderKind::local;
    return r;
}

std::string text_of(const Store& store, const rpz::RpzExportOptions& options, rpz::RpzExported* out = nullptr) {
    return store.view([&](const ledger::Snapshot& s) {
        std::string text;
        NoProgress none;
        auto done = export_rpz(
            s, store.config, options, [&](std::string_view part) { text += part; }, none);
        if (out) *out = done;
        return text;
    });
}

rpz::RpzExportOptions all_of_it() {
    rpz::RpzExportOptions o;
    o.origin = name("rpz.isp.example");
    o.now = noon;
    o.local = true;
    return o;
}

}  // namespace

TEST_CASE("the exported zone agrees with decide on every name, for random nested orders") {
    Random random(77);
    for (int round = 0; round < 150; ++round) {
        Store store;
        store.config.answer.redirect_cname = "landing.example";
        {
            Planter planter(store);
            std::vector<policy::OrderIndex> orders;
            for (int i = 0; i < 5; ++i) orders.push_back(planter.order(random_order(random, i)));
            std::map<std::string, std::map<policy::OrderIndex, policy::Match>> names;
            for (auto n = random.between(1, 14); n > 0; --n)
                names[random_name(random, 4)][random.pick(orders)] = static_cast<policy::Match>(random.below(3));
            for (const auto& [n, entries] : names) {
                std::vector<policy::Entry> list;
                for (auto [order, match] : entries) list.push_back({order, match});
                planter.list(key_of(n), list);
            }
            planter.done();
        }
        auto text = text_of(store, all_of_it());
        Zone zone(text);
        INFO(text);
        store.view([&](const ledger::Snapshot& s) {
            for (int i = 0; i < 120; ++i) {
                auto asked = random_name(random, 6);
                auto verdict = decide(s, name(asked), {noon, nullptr, policy::Action::nxdomain});
                INFO(asked);
                REQUIRE(zone.ask(asked) == expected(verdict));
            }
        });
    }
}

TEST_CASE("an export reports the orders left out and when it is outdated") {
    Store store;
    {
        Planter planter(store);
        policy::OrderRecord r;
        r.effective = noon - day;
        auto add = [&](const std::string& id, auto change) {
            policy::OrderRecord one = r;
            one.id = id;
            one.expires = noon + 5 * day;
            change(one);
            planter.list(key_of(id + ".example"), {{planter.order(one), policy::Match::subtree}});
        };
        add("plain", [](auto& o) { o.expires = noon + 3 * day; });
        add("regional", [](auto& o) { o.regions = {"ID-JK"}; });
        add("log", [](auto& o) { o.action = policy::Action::log; });
        add("local", [](auto& o) { o.kind = policy::OrderKind::local; });
        add("later", [](auto& o) { o.effective = noon + day; });
        planter.done();
    }
    auto options = all_of_it();
    options.local = false;
    rpz::RpzExported out;
    Zone zone(text_of(store, options, &out));
    CHECK(zone.records ==
          std::map<std::string, std::string>{{"plain.example", "CNAME ."}, {"*.plain.example", "CNAME ."}});
    CHECK(out.used == std::set<std::string>{"plain"});
    CHECK(out.regional == std::set<std::string>{"regional"});
    CHECK(out.rehearsed == std::set<std::string>{"log"});
    CHECK(out.local == std::set<std::string>{"local"});
    CHECK(out.valid_until == noon + day);
    options.orders = {"nowhere"};
    require_error(ErrorKind::not_found, [&] { text_of(store, options); }, {"nowhere"});
}

}  // namespace saring::test::rpz_export_random_test
