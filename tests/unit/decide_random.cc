// Random policies against an oracle written only from the prose of policy/decide.h. It evaluates every claim of every
// order, with names as lists of labels and prefixes as strings of bits, and shares only the result types with the code.
#include <algorithm>

#include "policy_support.h"

namespace saring::test::decide_random_test {
namespace {

// A name: labels from the root downwards. An address: the family, then one element for each bit.
using Path = std::vector<std::string>;

struct EffectiveEntry {
    std::size_t order;  // in Setup::orders; the OrderIndex is one more
    Path path;
    policy::Match match;
};

struct Setup {
    std::vector<policy::OrderRecord> orders;
    std::vector<EffectiveEntry> claims;
};

struct Answer {
    policy::Outcome outcome = policy::Outcome::none;
    std::optional<EffectiveEntry> by, logged;
    bool regional = false, logged_regional = false;
    std::vector<EffectiveEntry> counted, passed_over;
};

bool begins_with(const Path& path, const Path& with) {
    return with.size() <= path.size() && std::equal(with.begin(), with.end(), path.begin());
}

bool in_region(const std::vector<std::string>& wanted, const policy::Region* client) {
    if (wanted.empty()) return true;
    if (!client) return false;
    if (client->everywhere) return true;
    for (const auto& w : wanted)
        for (const auto& c : client->codes)
            if (w == c) return true;
    return false;
}

Answer oracle(const Setup& setup, const Path& asked, const policy::Circumstances& c) {
    Answer out;
    std::vector<EffectiveEntry> deciding, logging;
    auto action_of = [&](const EffectiveEntry& claim) {
        return setup.orders[claim.order].action.value_or(c.default_action);
    };
    for (const auto& claim : setup.claims) {
        if (!begins_with(asked, claim.path)) continue;
        const auto& order = setup.orders[claim.order];
        bool in_force = order.effective <= c.now && c.now < order.expires && !(order.lifted <= c.now);
        bool covers = claim.path.size() == asked.size() ? claim.match != policy::Match::below
                                                        : claim.match != policy::Match::exact;
        bool counts = in_force && covers && in_region(order.regions, c.region);
        (counts ? out.counted : out.passed_over).push_back(claim);
        if (in_force && covers && !order.regions.empty())
            (action_of(claim) == policy::Action::log ? out.logged_regional : out.regional) = true;
        if (counts) (action_of(claim) == policy::Action::log ? logging : deciding).push_back(claim);
    }
    // Each rule reduces the candidates, the last one to a single candidate.
    auto keep = [&](std::vector<EffectiveEntry>& claims, auto better) {
        std::vector<EffectiveEntry> kept;
        for (const auto& a : claims)
            if (std::none_of(claims.begin(), claims.end(), [&](const EffectiveEntry& b) { return better(b, a); }))
                kept.push_back(a);
        claims = kept;
    };
    auto passes = [&](const EffectiveEntry& a) { return action_of(a) == policy::Action::passthru; };
    auto local_pass = [&](const EffectiveEntry& a) {
        return passes(a) && setup.orders[a.order].kind == policy::OrderKind::local;
    };
    keep(deciding, [&](const EffectiveEntry& a, const EffectiveEntry& b) { return local_pass(a) && !local_pass(b); });
    for (auto* claims : {&deciding, &logging}) {
        keep(*claims, [&](const EffectiveEntry& a, const EffectiveEntry& b) { return a.path.size() > b.path.size(); });
        keep(*claims, [&](const EffectiveEntry& a, const EffectiveEntry& b) { return passes(a) && !passes(b); });
        keep(*claims, [&](const EffectiveEntry& a, const EffectiveEntry& b) {
            return setup.orders[a.order].issued > setup.orders[b.order].issued;
        });
        keep(*claims, [&](const EffectiveEntry& a, const EffectiveEntry& b) { return a.order > b.order; });
    }
    if (!deciding.empty()) out.by = deciding[0];
    if (!logging.empty()) out.logged = logging[0];
    if (out.by) out.outcome = passes(*out.by) ? policy::Outcome::pass : policy::Outcome::block;
    return out;
}

const std::vector<std::string> codes{"ID-JK", "ID-BA", "ID-JB"};

policy::OrderRecord random_order(Random& random, std::size_t number) {
    static const std::vector<std::optional<policy::Action>> actions{policy::Action::nxdomain,
                                                                    policy::Action::nodata,
                                                                    policy::Action::redirect,
                                                                    policy::Action::passthru,
                                                                    policy::Action::passthru,
                                                                    policy::Action::log,
                                                                    std::nullopt};
    static const std::vector<policy::OrderKind> kinds{policy::OrderKind::order, policy::OrderKind::order,
                                                      policy::OrderKind::list, policy::OrderKind::local};
    policy::OrderRecord r;
    r.id = "B-" + std::to_string(number);
    r.kind = random.pick(kinds);
    r.action = random.pick(actions);
    r.issued = noon - static_cast<UnixTime>(random.below(3));  // often equal
    r.effective = random.one_in(5) ? noon - 1 + static_cast<UnixTime>(random.below(3)) : noon - day;
    r.expires = random.one_in(5) ? noon - 1 + static_cast<UnixTime>(random.below(3)) : noon + day;
    if (random.one_in(6)) r.lifted = noon - 1 + static_cast<UnixTime>(random.below(3)), r.lifted_by = "tester";
    if (random.one_in(4))
        for (auto n = random.between(1, 2); n > 0; --n) r.regions.push_back(random.pick(codes));
    return r;
}

// Few different labels, so that names are often above, below and beside each other. Some sort near label boundaries or
// are prefixes of others.
Path random_name(Random& random, std::size_t max_labels) {
    static const std::vector<std::string> labels{"a", "b", "ab", "a-b", "\\000", "\\001", "a\\000", "\\255"};
    Path path{random.one_in(4) ? "test" : "example"};
    for (auto n = random.below(max_labels); n > 0; --n) path.push_back(random.pick(labels));
    return path;
}

Path random_address(Random& random, bool whole) {
    bool v4 = random.one_in(2);
    std::size_t full = v4 ? 32 : 128;
    Path path{v4 ? "4" : "6"};
    // Runs of equal bits with a few flipped, for long common prefixes.
    std::size_t size = whole ? full
                       : random.one_in(3)
                           ? random.below(full + 1)
                           : random.pick(std::vector<std::size_t>{0, 1, 7, 8, 9, 31, 32, full - 1, full});
    for (std::size_t i = 0; i < size; ++i) path.push_back(random.one_in(size) ? "1" : "0");
    return path;
}

OwnerName name_of(const Path& path) {
    std::string text;
    for (const auto& label : path) text = label + "." + text;
    return name(text);
}

Prefix prefix_of(const Path& path) {
    Prefix p;
    p.family = path[0] == "4" ? 4 : 6;
    p.length = static_cast<std::uint8_t>(path.size() - 1);
    for (std::size_t i = 1; i < path.size(); ++i)
        if (path[i] == "1")
            p.address[(i - 1) / 8] = static_cast<std::uint8_t>(p.address[(i - 1) / 8] | 1 << (7 - (i - 1) % 8));
    return p;
}

struct Space {
    bool addresses;
    Path claimed(Random& random) const { return addresses ? random_address(random, false) : random_name(random, 5); }
    Path asked(Random& random) const { return addresses ? random_address(random, true) : random_name(random, 7); }
    Bytes key(const Path& path) const {
        return addresses ? prefix_key(prefix_of(path)) : Bytes(LookupKey(name_of(path)).view());
    }
    std::string text(const Path& path) const {
        return addresses ? prefix_of(path).to_string() : name_of(path).to_string();
    }
};

Setup random_setup(Random& random, const Space& space) {
    static const std::vector<policy::Match> matches{policy::Match::subtree, policy::Match::subtree,
                                                    policy::Match::exact, policy::Match::below};
    Setup setup;
    for (auto n = random.between(1, 8); n > 0; --n)
        setup.orders.push_back(random_order(random, setup.orders.size() + 1));
    for (auto n = random.between(1, 40); n > 0; --n) {
        EffectiveEntry claim{random.below(setup.orders.size()), space.claimed(random),
                             space.addresses ? policy::Match::subtree : random.pick(matches)};
        // Several orders often list one name; one order lists a name once.
        if (!setup.claims.empty() && random.one_in(3)) claim.path = random.pick(setup.claims).path;
        bool there = std::any_of(setup.claims.begin(), setup.claims.end(), [&](const EffectiveEntry& other) {
            return other.order == claim.order && other.path == claim.path;
        });
        if (!there) setup.claims.push_back(claim);
    }
    return setup;
}

void plant(Store& store, const Setup& setup, const Space& space) {
    Planter planter(store);
    for (const auto& order : setup.orders) planter.order(order);
    std::map<Bytes, std::vector<policy::Entry>> entries;
    for (std::size_t i = 0; i < setup.orders.size(); ++i)
        for (const auto& claim : setup.claims)
            if (claim.order == i)
                entries[space.key(claim.path)].push_back({static_cast<policy::OrderIndex>(i + 1), claim.match});
    for (const auto& [key, of_key] : entries) planter.list(key, of_key, space.addresses);
    planter.done();
}

struct Tally {
    std::size_t none = 0, pass = 0, block = 0, logged = 0, regional = 0;
};

void same_deciding(const std::optional<policy::Deciding>& got, const std::optional<EffectiveEntry>& wanted,
                   const Setup& setup, const Space& space, const policy::Circumstances& c) {
    REQUIRE(got.has_value() == wanted.has_value());
    if (!got) return;
    const auto& order = setup.orders[wanted->order];
    REQUIRE(got->index == wanted->order + 1);
    REQUIRE((space.addresses ? got->prefix.to_string() : got->listed.to_string()) == space.text(wanted->path));
    REQUIRE(static_cast<int>(got->match) == static_cast<int>(wanted->match));
    REQUIRE(static_cast<int>(got->action) == static_cast<int>(order.action.value_or(c.default_action)));
    REQUIRE(ledger::encode(*got->order) == ledger::encode(order));
}

void same_trace(const std::vector<policy::ConsideredEntry>& trace, const Answer& wanted, const Space& space) {
    using ObservedAnswer = std::multiset<std::pair<std::size_t, std::string>>;  // order, listed name
    ObservedAnswer counted, passed_over;
    for (const auto& t : trace) (t.counts ? counted : passed_over).emplace(t.index - 1, t.matched);
    auto seen = [&](const std::vector<EffectiveEntry>& claims) {
        ObservedAnswer out;
        for (const auto& claim : claims) out.emplace(claim.order, space.text(claim.path));
        return out;
    };
    REQUIRE(counted == seen(wanted.counted));
    REQUIRE(passed_over == seen(wanted.passed_over));
}

void compare(const ledger::Snapshot& s, const Setup& setup, const Space& space, Random& random, Tally& tally) {
    static const std::vector<policy::Action> defaults{policy::Action::nxdomain, policy::Action::nxdomain,
                                                      policy::Action::drop, policy::Action::log};
    policy::Region region;
    for (auto n = random.below(3); n > 0; --n) region.codes.push_back(random.pick(codes));
    region.everywhere = random.one_in(5);
    policy::Circumstances c{noon - 2 + static_cast<UnixTime>(random.below(5)), random.one_in(3) ? nullptr : &region,
                            random.pick(defaults)};
    // Often at or below a listed name, which is rare by chance.
    Path asked = space.asked(random);
    if (random.one_in(2)) {
        Path listed = random.pick(setup.claims).path;
        if (!space.addresses && random.one_in(2)) listed.push_back("c");
        if (space.addresses) {
            asked[0] = listed[0];
            asked.resize(listed[0] == "4" ? 33 : 129, "0");
        }
        if (space.addresses || random.one_in(3)) {
            if (asked.size() < listed.size()) asked.resize(listed.size());
            std::copy(listed.begin(), listed.end(), asked.begin());
        } else {
            asked = listed;
        }
    }
    Answer wanted = oracle(setup, asked, c);
    std::vector<policy::ConsideredEntry> trace;
    bool traced = random.one_in(4);
    auto got = space.addresses ? decide(s, prefix_of(asked), c, traced ? &trace : nullptr)
                               : decide(s, name_of(asked), c, traced ? &trace : nullptr);
    INFO(space.text(asked) << " at noon" << (c.now < noon ? "" : "+") << c.now - noon);
    REQUIRE(static_cast<int>(got.outcome) == static_cast<int>(wanted.outcome));
    REQUIRE(static_cast<int>(got.trigger) ==
            static_cast<int>(space.addresses ? policy::Trigger::address : policy::Trigger::qname));
    REQUIRE(got.regional == wanted.regional);
    REQUIRE(got.logged_regional == wanted.logged_regional);
    REQUIRE(got.listed == !(wanted.counted.empty() && wanted.passed_over.empty()));
    REQUIRE(got.uncacheable() == (wanted.outcome == policy::Outcome::block || wanted.regional));
    same_deciding(got.by, wanted.by, setup, space, c);
    same_deciding(got.logged, wanted.logged, setup, space, c);
    if (traced) same_trace(trace, wanted, space);
    ++(wanted.outcome == policy::Outcome::none   ? tally.none
       : wanted.outcome == policy::Outcome::pass ? tally.pass
                                                 : tally.block);
    tally.logged += wanted.logged.has_value();
    tally.regional += wanted.regional;
}

// Fails when the random cases do not cover what they are meant to.
void compare_many(std::uint32_t seed, const Space& space) {
    constexpr std::size_t policies = 60, questions = 400;
    Random random(seed);
    Tally tally;
    for (std::size_t i = 0; i < policies; ++i) {
        Setup setup = random_setup(random, space);
        Store store(std::size_t{4} << 20);
        plant(store, setup, space);
        INFO("seed " << seed << " policy " << i);
        store.view([&](const ledger::Snapshot& s) {
            for (std::size_t q = 0; q < questions; ++q) compare(s, setup, space, random, tally);
        });
    }
    for (auto n : {tally.none, tally.pass, tally.block, tally.logged, tally.regional})
        CHECK(n > policies * questions / 20);
}

}  // namespace

TEST_CASE("On random policies the decisions for names agree with the oracle") { compare_many(1, {false}); }

TEST_CASE("On random policies the decisions for addresses agree with the oracle") { compare_many(2, {true}); }

}  // namespace saring::test::decide_random_test
