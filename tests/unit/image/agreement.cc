// Ledger and published image give the same verdict after every commit.
#include "image_support.h"

namespace saring::test::image_agreement_test {
namespace {

const std::vector<std::string> codes{"ID-JK", "ID-JB", "ID-BT"};

std::string pool_name(Random& random) {
    static const std::vector<std::string> labels{"a", "b", "ab", "a-b", "www", "\\000", "\\255"};
    std::string text = random.one_in(4) ? "test" : "example";
    for (auto n = random.between(1, 3); n > 0; --n) text = random.pick(labels) + "." + text;
    return text;
}

std::string pool_prefix(Random& random) {
    if (random.one_in(4)) return "2001:db8::/" + std::to_string(random.between(32, 40));
    int length = static_cast<int>(random.between(24, 32));
    unsigned host = static_cast<unsigned>(random.below(32)) & ~((1u << (32 - length)) - 1) & 0xff;
    return "203.0.113." + std::to_string(host) + "/" + std::to_string(length);
}

order::Order random_order(Random& random, unsigned number) {
    std::set<std::string> targets;
    for (auto n = random.between(1, 6); n > 0; --n) targets.insert((random.one_in(3) ? "=" : "") + pool_name(random));
    if (random.one_in(2)) targets.insert(pool_prefix(random));
    order::Order o = make_order("B-" + std::to_string(number), {targets.begin(), targets.end()});
    static const std::vector<std::optional<policy::Action>> actions{
        std::nullopt,        policy::Action::nxdomain, policy::Action::redirect,
        policy::Action::log, policy::Action::passthru, policy::Action::drop};
    o.action = random.pick(actions);
    o.issued = noon - static_cast<UnixTime>(random.below(3));
    o.effective = random.one_in(4) ? noon - 1 : o.issued;
    o.expires = random.one_in(4) ? noon + 1 : noon + day;
    o.legal_basis = "UU " + std::to_string(number);
    if (random.one_in(3)) o.regions = {random.pick(codes)};
    if (random.one_in(4)) o.revokes.push_back({"B-" + std::to_string(random.below(number + 1)), std::nullopt});
    return o;
}

void random_commit(Store& store, Random& random, unsigned number, const Store& backup) {
    store.write([&](ledger::Writer& w) {
        switch (random.below(12)) {
            case 0:
            case 1:
            case 2:
            case 3:
            case 4: {
                order::Order order = random_order(random, number);
                error_of([&] {
                    w.apply(order, document_of(order), "key", noon,
                            {random.one_in(4) ? policy::OrderKind::local : policy::OrderKind::order, {}});
                });
                break;
            }
            case 5:
            case 6:
                error_of([&] {
                    w.revoke("B-" + std::to_string(random.below(number + 1)), "tester",
                             noon - 1 + static_cast<UnixTime>(random.below(3)));
                });
                break;
            case 7: w.roll_back(random.below(w.serial() + 1)); break;
            case 8: backup.view([&](const ledger::Snapshot& s) { w.restore(s); }); break;
            default: {
                std::vector<std::string> names;
                for (auto n = random.between(1, 12); n > 0; --n) names.push_back(pool_name(random));
                w.replace_list(list_info("l" + std::to_string(random.below(2))), names_of(names), noon);
            }
        }
    });
}

void same_deciding(const std::optional<policy::Deciding>& image, const std::optional<policy::Deciding>& ledger,
                   const image::Image& i, const ledger::Snapshot& s) {
    REQUIRE(image.has_value() == ledger.has_value());
    if (!image) return;
    REQUIRE(image->index == ledger->index);
    REQUIRE(image->match == ledger->match);
    REQUIRE(image->action == ledger->action);
    REQUIRE(image->listed == ledger->listed);
    REQUIRE(image->prefix == ledger->prefix);
    policy::OrderRecord stripped = *ledger->order;
    stripped.signers.clear(), stripped.lifted_by.clear(), stripped.digest.clear();
    stripped.deadline = policy::OrderRecord().deadline, stripped.applied = 0, stripped.applied_serial = 0,
    stripped.names = 0, stripped.addresses = 0;
    REQUIRE(ledger::encode(*image->order) == ledger::encode(stripped));
    REQUIRE(ledger::encode(i.order(image->index)->texts) == ledger::encode(s.texts(ledger->index)));
}

template <typename Question>
void same_verdict(const image::Reader& i, const ledger::Snapshot& s, const Question& q,
                  const policy::Circumstances& c) {
    std::vector<policy::ConsideredEntry> traced, expected;
    policy::Verdict image = decide(i, q, c, &traced), ledger = decide(s, q, c, &expected);
    REQUIRE(image.outcome == ledger.outcome);
    REQUIRE(image.regional == ledger.regional);
    REQUIRE(image.logged_regional == ledger.logged_regional);
    REQUIRE(image.listed == ledger.listed);
    same_deciding(image.by, ledger.by, i.image(), s);
    same_deciding(image.logged, ledger.logged, i.image(), s);
    REQUIRE(traced.size() == expected.size());
    for (std::size_t n = 0; n < traced.size(); ++n) {
        REQUIRE(traced[n].matched == expected[n].matched);
        REQUIRE(traced[n].index == expected[n].index);
        REQUIRE(traced[n].counts == expected[n].counts);
    }
}

struct Tally {
    std::size_t blocks = 0, deltas = 0, bases = 0;
};

void compare(const std::shared_ptr<const image::Image>& loaded, const ledger::Snapshot& s, Random& random,
             Tally& tally) {
    const image::Image& i = *loaded;
    image::Reader reader(loaded);
    REQUIRE(i.serial() == s.serial());
    REQUIRE(i.name_count() == s.name_count());
    REQUIRE(i.address_count() == s.address_count());
    REQUIRE(entirety(i) == entirety(s));
    std::size_t orders = 0;
    s.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
        ++orders;
        REQUIRE(i.order(index));
        REQUIRE(i.order(index)->record.id == r.id);
    });
    REQUIRE(i.orders().size() == orders);
    for (int n = 0; n < 60; ++n) {
        policy::Region region;
        if (random.one_in(2)) region.codes.push_back(random.pick(codes));
        region.everywhere = random.one_in(6);
        policy::Circumstances c{noon - 2 + static_cast<UnixTime>(random.below(5)), random.one_in(4) ? nullptr : &region,
                                random.one_in(4) ? policy::Action::log : policy::Action::nxdomain};
        OwnerName asked = name((random.one_in(3) ? "x." : "") + pool_name(random));
        INFO(asked.to_string());
        same_verdict(reader, s, asked, c);
        tally.blocks += decide(reader, asked, c).outcome == policy::Outcome::block;
        LookupKey key(asked);
        REQUIRE(reader.lists(key) == s.closest_listed(key, key.labels()).has_value());
        auto below = [&](const auto& source) {
            std::size_t entries = 0;
            source.any_below(key, [&](const auto& claims) { return entries += claims.size(), false; });
            return entries;
        };
        REQUIRE(below(reader) == below(s));
        same_verdict(reader, s,
                     Prefix::parse(random.one_in(4) ? "2001:db8::" + std::to_string(random.below(5))
                                                    : "203.0.113." + std::to_string(random.below(40))),
                     c);
    }
}

}  // namespace

TEST_CASE("After every random commit, rollback and restore the image decides like the ledger") {
    Tally tally;
    for (std::uint32_t seed = 1; seed <= 10; ++seed) {
        Store store, backup;
        Published published(store);
        Random random(seed);
        for (unsigned n = 1; n < 4; ++n) random_commit(backup, random, n, backup);
        std::shared_ptr<const image::Image> image;
        for (unsigned step = 1; step < 40; ++step) {
            INFO("seed " << seed << ", step " << step);
            random_commit(store, random, step, backup);
            // Some commits are published together, as after a killed command.
            if (random.one_in(4)) continue;
            auto done = published.publish({random.one_in(5) ? 5u : 0u});
            (done.how == image::Publication::How::delta ? tally.deltas : tally.bases) +=
                done.how != image::Publication::How::nothing;
            image = image::Image::load(published.folder(), image ? std::optional(image->expected()) : std::nullopt,
                                       image.get());
            store.view([&](const ledger::Snapshot& s) { compare(image, s, random, tally); });
        }
    }
    CHECK(tally.blocks > 1000);
    CHECK(tally.deltas > 50);
    CHECK(tally.bases > 20);
}

TEST_CASE("The delta has each name whose entries changed after a serial") {
    for (std::uint32_t seed = 31; seed <= 34; ++seed) {
        Store store;
        Published published(store);
        Random random(seed);
        random_commit(store, random, 1, store);
        published.publish();
        std::size_t compared = 0;
        std::map<std::uint64_t, Entirety> past;
        for (unsigned step = 2; step < 30; ++step) {
            store.write([&](ledger::Writer& w) {
                order::Order order = random_order(random, step);
                order.revokes.clear();
                random.one_in(4) ? w.roll_back(random.below(w.serial() + 1))
                                 : void(w.apply(order, document_of(order), "key", noon));
            });
            published.publish();
            auto image = published.load();
            past[image->serial()] = entirety(*image);
            for (const auto& [serial, then] : past) {
                std::set<std::string> told;
                bool known = image->each_changed_since(
                    serial, [&](ByteView key) { told.insert(Bytes(key)); },
                    [&](const Prefix& p) { told.insert(p.to_string()); });
                if (!known) continue;
                ++compared;
                const Entirety now = entirety(*image);
                for (const auto* one : {&then, &now})
                    for (const auto& [key, value] : *one) {
                        auto was = then.find(key), is = now.find(key);
                        bool differs = was == then.end() || is == now.end() || was->second != is->second;
                        if (differs) REQUIRE(told.count(key) == 1);
                    }
                if (serial == image->serial()) CHECK(told.empty());
            }
        }
        CHECK(compared > 50);
    }
}

}  // namespace saring::test::image_agreement_test
