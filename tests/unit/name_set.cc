// Lookup keys in bulk.
#include "list/name_set.h"

#include "store_support.h"

namespace saring::test::name_set_test {
namespace {

std::vector<std::string> texts(const list::NameSet& set) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < set.size(); ++i) out.push_back(name_of_key(set[i]).to_string());
    return out;
}

}  // namespace

TEST_CASE("A set without names is empty and finds nothing") {
    list::NameSet set;
    set.sort_unique();
    CHECK(set.size() == 0);
    CHECK(set.lower_bound(key_of("hoax.example")) == 0);
    CHECK_FALSE(set.find(key_of("hoax.example")));
    set.drop({});
    CHECK(set.size() == 0);
}

TEST_CASE("Names keep their sequence until they are sorted") {
    list::NameSet set;
    for (const char* text : {"b.example", "a.example", "b.example"}) set.add(key_of(text));
    CHECK(texts(set) == std::vector<std::string>{"b.example", "a.example", "b.example"});
}

TEST_CASE("Sorting puts a name right before the names below it and removes duplicates") {
    list::NameSet set = names_of(
        {"z.test", "b.example", "a.b.example", "b-b.example", "example", "bb.example", "b.example", "a.b.example"});
    CHECK(texts(set) ==
          std::vector<std::string>{"example", "b.example", "a.b.example", "b-b.example", "bb.example", "z.test"});
}

TEST_CASE("A name and the names below it are separate") {
    // Merging them would lose the lower one when the upper one is lifted.
    CHECK(texts(names_of({"www.hoax.example", "hoax.example"})) ==
          std::vector<std::string>{"hoax.example", "www.hoax.example"});
}

TEST_CASE("A name added with two matches gets their union, in either sequence") {
    const std::vector<policy::Match> all{policy::Match::subtree, policy::Match::exact, policy::Match::below};
    for (auto a : all)
        for (auto b : all) {
            list::NameSet set;
            set.add(key_of("hoax.example"), a);
            set.add(key_of("hoax.example"), b);
            set.sort_unique();
            REQUIRE(set.size() == 1);
            CHECK((set.match(0) == (a == b ? a : policy::Match::subtree)));
        }
}

TEST_CASE("Sorting keeps each name's match") {
    list::NameSet set;
    set.add(key_of("c.example"), policy::Match::below);
    set.add(key_of("b.example"));
    set.add(key_of("a.example"), policy::Match::exact);
    set.sort_unique();
    CHECK((set.match(0) == policy::Match::exact));
    CHECK((set.match(1) == policy::Match::subtree));
    CHECK((set.match(2) == policy::Match::below));
}

TEST_CASE("The shortest and the longest key keep every byte and match") {
    Bytes wire;
    for (std::size_t size : {63u, 63u, 63u, 61u}) wire += static_cast<char>(size) + std::string(size, '\0');
    Bytes longest(LookupKey(from_wire(wire + '\0')).view());
    for (auto match : {policy::Match::subtree, policy::Match::exact, policy::Match::below})
        for (const Bytes& key :
             {longest, octets("a\0"), Bytes(255, 'x'), Bytes(256, 'x'), Bytes(257, 'x'), Bytes(511, '\xff')}) {
            list::NameSet set;
            set.add(key, match);
            set.add(octets("b\0"));
            CHECK(set[0] == key);
            CHECK((set.match(0) == match));
            CHECK(set[1] == octets("b\0"));
        }
}

TEST_CASE("lower_bound and find find keys") {
    list::NameSet set = names_of({"b.example", "d.example", "f.example"});
    const std::vector<std::pair<const char*, std::size_t>> cases{{"a.example", 0}, {"b.example", 0}, {"x.b.example", 1},
                                                                 {"c.example", 1}, {"d.example", 1}, {"f.example", 2},
                                                                 {"g.example", 3}, {"test", 3}};
    for (const auto& [text, place] : cases) {
        INFO(text);
        CHECK(set.lower_bound(key_of(text)) == place);
        bool there = place < set.size() && set[place] == key_of(text);
        CHECK(set.find(key_of(text)) == (there ? std::optional(place) : std::nullopt));
    }
}

TEST_CASE("Dropped names are gone, and the others stay sorted and findable") {
    auto set = names_of({"a.example", "b.example", "c.example", "d.example", "e.example"});
    set.drop({0, 2, 4});
    CHECK(texts(set) == std::vector<std::string>{"b.example", "d.example"});
    CHECK(set.find(key_of("d.example")) == 1u);
    CHECK_FALSE(set.find(key_of("c.example")));
    set.drop({0, 1});
    CHECK(set.size() == 0);
}

TEST_CASE("The digest depends only on the content") {
    auto one = names_of({"a.example", "b.example", "c.example"}),
         other = names_of({"c.example", "x.example", "a.example", "b.example", "a.example"});
    CHECK(one.digest().size() == 32);
    CHECK(one.digest() != other.digest());
    other.drop({*other.find(key_of("x.example"))});
    CHECK(one.digest() == other.digest());
}

TEST_CASE("The digest depends on each name, each match and key boundaries") {
    std::set<Bytes> digests{list::NameSet().digest()};
    auto add = [&](std::vector<std::pair<Bytes, policy::Match>> keys) {
        list::NameSet set;
        for (const auto& [key, match] : keys) set.add(key, match);
        digests.insert(set.digest());
    };
    add({{key_of("a.example"), policy::Match::subtree}});
    add({{key_of("a.example"), policy::Match::exact}});
    add({{key_of("a.example"), policy::Match::below}});
    add({{key_of("b.example"), policy::Match::subtree}});
    add({{key_of("a.example"), policy::Match::subtree}, {key_of("b.example"), policy::Match::subtree}});
    add({{octets("a\0b\0"), policy::Match::subtree}});
    add({{octets("a\0"), policy::Match::subtree}, {octets("b\0"), policy::Match::subtree}});
    CHECK(digests.size() == 8);
}

TEST_CASE("A random set agrees with a sorted map") {
    Random random(13);
    for (int round = 0; round < 20; ++round) {
        list::NameSet set;
        std::map<Bytes, policy::Match> model;
        for (auto n = random.below(400); n > 0; --n) {
            Bytes key(LookupKey(from_wire(random_wire(random, random.one_in(2)))).view());
            if (!model.empty() && random.one_in(3))
                key = std::next(model.begin(), static_cast<std::ptrdiff_t>(random.below(model.size())))->first;
            auto match = static_cast<policy::Match>(random.below(3));
            set.add(key, match);
            auto [at, fresh] = model.emplace(key, match);
            if (!fresh && at->second != match) at->second = policy::Match::subtree;
        }
        set.sort_unique();
        std::vector<std::size_t> dropped;
        for (std::size_t i = 0; i < set.size(); ++i)
            if (random.one_in(4)) dropped.push_back(i);
        for (auto i : dropped) model.erase(Bytes(set[i]));
        set.drop(dropped);
        REQUIRE(set.size() == model.size());
        std::size_t i = 0;
        for (const auto& [key, match] : model) {
            REQUIRE(set[i] == key);
            REQUIRE((set.match(i) == match));
            REQUIRE(set.find(key) == i++);
        }
    }
}

}  // namespace saring::test::name_set_test
