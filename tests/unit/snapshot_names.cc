// The closest listed name at or above a name.
#include "policy_support.h"

namespace saring::test::snapshot_names_test {
namespace {

// Names, each listed by the order whose index is its position, from 1.
struct Names {
    Store store;
    explicit Names(const std::vector<OwnerName>& listed) {
        Planter planter(store);
        for (std::size_t i = 0; i < listed.size(); ++i)
            planter.list(Bytes(LookupKey(listed[i]).view()),
                         {{static_cast<policy::OrderIndex>(i + 1), policy::Match::subtree}});
        planter.done();
    }
};

std::vector<OwnerName> parsed(const std::vector<std::string>& texts) {
    std::vector<OwnerName> out;
    for (const auto& t : texts) out.push_back(name(t));
    return out;
}

struct Found {
    std::size_t labels;
    policy::OrderIndex order;
    bool operator==(const Found&) const = default;
};

std::optional<Found> find(const ledger::Snapshot& s, const OwnerName& n, std::size_t labels) {
    auto listed = s.closest_listed(LookupKey(n), labels);
    if (!listed) return std::nullopt;
    REQUIRE(listed->entries.size() == 1);
    return Found{listed->labels, listed->entries[0].order};
}

// The name found for the whole name, as text; "-" for none.
std::string closest(const Names& names, const OwnerName& n) {
    return names.store.view([&](const ledger::Snapshot& s) {
        auto found = find(s, n, n.label_count());
        return found ? n.suffix(found->labels).to_string() + " " + std::to_string(found->order) : "-";
    });
}
std::string closest(const Names& names, const std::string& text) { return closest(names, name(text)); }

// "a.a.a....", with the maximum number of labels.
OwnerName deepest() {
    std::string text;
    for (std::size_t i = 0; i < OwnerName::max_labels; ++i) text += "a.";
    return name(text);
}

}  // namespace

TEST_CASE("Nothing is listed above any name of an empty table") {
    Names names({});
    CHECK(closest(names, "hoax.example") == "-");
    CHECK(closest(names, ".") == "-");
}

TEST_CASE("A listed name is found for itself and names below it only") {
    Names names(parsed({"hoax.example"}));
    for (const char* text : {"hoax.example", "www.hoax.example", "a.b.c.hoax.example", "HOAX.EXAMPLE"})
        CHECK(closest(names, text) == "hoax.example 1");
    for (const char* text : {".", "example", "hoax.test", "hoaxx.example", "hoa.example", "xhoax.example",
                             "example.hoax", "hoax-.example", "zzz.example", "hoax.examplf", "hoax.exampld"}) {
        INFO(text);
        CHECK(closest(names, text) == "-");
    }
}

TEST_CASE("The closest of several listed ancestors is found") {
    Names names(parsed({"example", "hoax.example", "www.hoax.example", "b.a.www.hoax.example"}));
    CHECK(closest(names, "c.b.a.www.hoax.example") == "b.a.www.hoax.example 4");
    CHECK(closest(names, "a.www.hoax.example") == "www.hoax.example 3");
    CHECK(closest(names, "c.a.www.hoax.example") == "www.hoax.example 3");
    CHECK(closest(names, "web.hoax.example") == "hoax.example 2");
    CHECK(closest(names, "other.example") == "example 1");
}

TEST_CASE("Listed siblings and their subtrees in between do not hide an ancestor") {
    std::vector<std::string> texts{"hoax.example"};
    for (char c = 'a'; c <= 'z'; ++c)
        for (const char* below : {"", "a.", "z.", "z.z."})
            texts.push_back(below + std::string(1, c) + ".m.hoax.example");
    Names names(parsed(texts));
    for (const char* text : {"m.hoax.example", "n.hoax.example", "0.m.hoax.example", "zz.m.hoax.example",
                             "m0.hoax.example", "mm.mm.hoax.example", "a.z.zz.hoax.example"}) {
        INFO(text);
        CHECK(closest(names, text) == "hoax.example 1");
    }
    CHECK(closest(names, "y.y.q.m.hoax.example").substr(0, 16) == "q.m.hoax.example");
}

TEST_CASE("Only the requested number of labels is searched") {
    Names names(parsed({"example", "www.hoax.example"}));
    auto n = name("a.www.hoax.example");
    names.store.view([&](const ledger::Snapshot& s) {
        CHECK(find(s, n, 4) == Found{3, 2});
        CHECK(find(s, n, 3) == Found{3, 2});
        CHECK(find(s, n, 2) == Found{1, 1});
        CHECK(find(s, n, 1) == Found{1, 1});
        CHECK_FALSE(find(s, n, 0));
    });
}

TEST_CASE("The root has nothing at or above it") {
    Names names(parsed({"example", "hoax.example"}));
    names.store.view([](const ledger::Snapshot& s) { CHECK_FALSE(find(s, OwnerName(), 0)); });
}

TEST_CASE("Each ancestor of a name of 127 labels is found if it alone is listed") {
    auto n = deepest();
    REQUIRE(n.label_count() == 127);
    for (std::size_t labels : {1u, 2u, 3u, 63u, 64u, 125u, 126u, 127u}) {
        Names names({n.suffix(labels)});
        names.store.view([&](const ledger::Snapshot& s) {
            for (std::size_t limit = 0; limit <= 127; ++limit)
                CHECK(find(s, n, limit) == (limit < labels ? std::nullopt : std::optional(Found{labels, 1})));
        });
    }
}

TEST_CASE("If every ancestor of a name of 127 labels is listed they are found one by one") {
    auto n = deepest();
    std::vector<OwnerName> all;
    for (std::size_t labels = 1; labels <= 127; ++labels) all.push_back(n.suffix(labels));
    Names(all).store.view([&](const ledger::Snapshot& s) {
        for (std::size_t limit = 1; limit <= 127; ++limit)
            CHECK(find(s, n, limit) == Found{limit, static_cast<policy::OrderIndex>(limit)});
    });
}

TEST_CASE("The longest key is found, and so are its ancestors") {
    Bytes wire;
    for (std::size_t size : {63u, 63u, 63u, 61u}) wire += static_cast<char>(size) + std::string(size, '\1');
    wire += '\0';
    auto longest = from_wire(wire);
    REQUIRE(LookupKey(longest).view().size() == 504);
    Names names({longest, longest.suffix(1)});
    names.store.view([&](const ledger::Snapshot& s) {
        CHECK(find(s, longest, 4) == Found{4, 1});
        CHECK(find(s, longest, 3) == Found{1, 2});
    });
}

TEST_CASE("Octets 0 and 1 in a label do not end it") {
    Names names(parsed({"a.example", "\\000.b.example", "\\001.b.example", "b\\000.example", "b\\001\\001.example"}));
    CHECK(closest(names, "a\\000.example") == "-");
    CHECK(closest(names, "a\\001.example") == "-");
    CHECK(closest(names, "\\000a.example") == "-");
    CHECK(closest(names, "\\000.a.example") == "a.example 1");
    CHECK(closest(names, "x.\\000.b.example") == "\\000.b.example 2");
    CHECK(closest(names, "\\001.b.example") == "\\001.b.example 3");
    CHECK(closest(names, "\\002.b.example") == "-");
    CHECK(closest(names, "\\000\\000.b.example") == "-");
    CHECK(closest(names, "www.b\\000.example") == "b\\000.example 4");
    CHECK(closest(names, "b\\001.example") == "-");
    CHECK(closest(names, "b\\001\\001.example") == "b\\001\\001.example 5");
    CHECK(closest(names, "b\\001\\002.example") == "-");
    CHECK(closest(names, "b.example") == "-");
}

TEST_CASE("A dot in a label does not separate labels") {
    Names names(parsed({"hoax.example", "a\\.b.example"}));
    CHECK(closest(names, "www\\.hoax.example") == "-");
    CHECK(closest(names, "a.b.example") == "-");
    CHECK(closest(names, "x.a\\.b.example") == "a\\.b.example 2");
}

TEST_CASE("The entries of the found name are returned in order") {
    Policy policy({Rule("B-1", {"hoax.example"}), Rule("B-2", {"=hoax.example"}), Rule("B-3", {"www.hoax.example"}),
                   Rule("B-4", {"*.hoax.example"})});
    LookupKey key(name("a.hoax.example"));
    policy.store.view([&](const ledger::Snapshot& s) {
        auto listed = s.closest_listed(key, key.labels());
        REQUIRE(listed);
        REQUIRE(listed->entries.size() == 3);
        CHECK(listed->entries[0] == policy::Entry{1, policy::Match::subtree});
        CHECK(listed->entries[1] == policy::Entry{2, policy::Match::exact});
        CHECK(listed->entries[2] == policy::Entry{4, policy::Match::below});
    });
}

TEST_CASE("For random names the result agrees with a comparison with every listed name") {
    Random random(11);
    for (int round = 0; round < 12; ++round) {
        std::vector<OwnerName> listed;
        std::set<std::string> seen;
        auto add = [&](const OwnerName& n) {
            if (!n.is_root() && seen.insert(Bytes(n.wire())).second) listed.push_back(n);
        };
        for (int i = 0; i < 150; ++i) {
            auto n = from_wire(random_wire(random, random.one_in(2)));
            add(n);
            if (n.label_count() > 1 && random.one_in(2)) add(n.suffix(random.between(1, n.label_count())));
        }
        Names(listed).store.view([&](const ledger::Snapshot& s) {
            for (int i = 0; i < 400; ++i) {
                Bytes front(random_wire(random, random.one_in(2)));
                Bytes below = Bytes(random.pick(listed).wire());
                if (random.one_in(2) && front.size() + below.size() <= 200)
                    below = front.substr(0, front.size() - 1) + below;
                auto n = random.one_in(4) ? from_wire(front) : from_wire(below);
                auto limit = random.below(n.label_count() + 1);
                std::optional<Found> wanted;
                for (std::size_t k = 0; k < listed.size(); ++k)
                    if (n.is_at_or_below(listed[k]) && listed[k].label_count() <= limit &&
                        (!wanted || listed[k].label_count() > wanted->labels))
                        wanted = Found{listed[k].label_count(), static_cast<policy::OrderIndex>(k + 1)};
                INFO(n.to_string() << " " << limit);
                REQUIRE(find(s, n, limit) == wanted);
            }
        });
    }
}

}  // namespace saring::test::snapshot_names_test
