// Blocks of front-coded names: what is found in them, and in damaged ones.
#include "image/name_blocks.h"

#include <map>

#include "image/refusal.h"
#include "support.h"

namespace saring::test::image_name_blocks_test {
namespace {

using namespace image;

struct Blocks {
    explicit Blocks(const std::map<Bytes, image::SetId>& names) {
        image::NameBlockWriter writer([this](ByteView block) { blocks += block; });
        for (const auto& [key, set] : names) writer.add(key, set);
        index = writer.finish();
    }
    image::NameBlocks open() const { return {blocks, index}; }
    Bytes blocks, index;
};

std::vector<std::pair<std::size_t, image::SetId>> found(const image::NameBlocks& blocks, const LookupKey& key) {
    image::FoundName out[image::NameBlocks::max_found];
    auto count = blocks.find(key, out);
    std::vector<std::pair<std::size_t, image::SetId>> all;
    for (std::size_t i = 0; i < count; ++i) all.emplace_back(out[i].labels, out[i].set);
    return all;
}

std::vector<std::pair<std::size_t, image::SetId>> wanted(const std::map<Bytes, image::SetId>& names, const LookupKey& key) {
    std::vector<std::pair<std::size_t, image::SetId>> all;
    for (std::size_t labels = 1; labels <= key.labels(); ++labels)
        if (auto at = names.find(Bytes(key.ancestor(labels))); at != names.end()) all.emplace_back(labels, at->second);
    return all;
}

OwnerName random_name(Random& random, std::size_t most, std::size_t variety) {
    static const std::vector<std::string> edges{"a", "b", "ab", "a-b", "\\000", "\\001", "a\\000", "\\255"};
    std::string text = random.one_in(4) ? "test" : "example";
    for (auto n = random.below(most); n > 0; --n)
        text = (random.one_in(2) ? random.pick(edges) : "n" + std::to_string(random.below(variety))) + "." + text;
    return name(text);
}

}  // namespace

TEST_CASE("A search in name blocks finds the name and each listed ancestor, as a search in a map does") {
    Random random(1);
    for (std::size_t variety : {3u, 100u, 100000u}) {
        std::map<Bytes, image::SetId> names;
        for (int i = 0; i < 3000; ++i)
            names[Bytes(LookupKey(random_name(random, 5, variety)).view())] =
                static_cast<image::SetId>(random.one_in(5) ? random.below(1000) : 1);
        Blocks made(names);
        auto blocks = made.open();
        if (variety > 3) CHECK(blocks.block_count() > 10);
        std::size_t listed = 0;
        for (int i = 0; i < 20000; ++i) {
            LookupKey key(random_name(random, 7, variety));
            auto expected = wanted(names, key);
            REQUIRE(found(blocks, key) == expected);
            listed += !expected.empty();
        }
        CHECK(listed > 1000);
        std::map<Bytes, image::SetId> all;
        blocks.each({}, [&](ByteView key, image::SetId set) { return all.emplace(key, set).second; });
        CHECK(all == names);
    }
}

TEST_CASE("A listed ancestor many blocks before its names is found in one block") {
    std::map<Bytes, image::SetId> names{{key_of("example"), 7}, {key_of("hoax.example"), 8}};
    for (int i = 0; i < 5000; ++i) names[key_of("n" + std::to_string(i) + ".hoax.example")] = 9;
    Blocks made(names);
    auto blocks = made.open();
    using Found = std::vector<std::pair<std::size_t, image::SetId>>;
    CHECK(found(blocks, LookupKey(name("www.n4711.hoax.example"))) == Found{{1, 7}, {2, 8}, {3, 9}});
    CHECK(found(blocks, LookupKey(name("other.hoax.example"))) == Found{{1, 7}, {2, 8}});
    CHECK(found(blocks, LookupKey(name("zzz.hoax.example"))) == Found{{1, 7}, {2, 8}});
    CHECK(found(blocks, LookupKey(name("nothoax.example"))) == Found{{1, 7}});
    CHECK(found(blocks, LookupKey(name("hoax.test"))).empty());
    CHECK(found(blocks, LookupKey(OwnerName())).empty());
}

TEST_CASE("Name blocks can be read from any name on") {
    std::map<Bytes, image::SetId> names;
    for (int i = 0; i < 2000; ++i) names[key_of("n" + std::to_string(i) + ".example")] = static_cast<image::SetId>(i);
    Blocks made(names);
    auto blocks = made.open();
    Random random(2);
    for (int i = 0; i < 200; ++i) {
        Bytes from = key_of("n" + std::to_string(random.below(3000)) + (random.one_in(2) ? ".example" : "x.example"));
        Bytes first;
        blocks.each(from, [&](ByteView key, image::SetId) { return first = key, false; });
        auto expected = names.lower_bound(from);
        CHECK(first == (expected == names.end() ? Bytes() : expected->first));
    }
}

TEST_CASE("Names out of order, twice, or that are no keys are not written") {
    auto write = [](std::vector<Bytes> keys) {
        return error_of([&] {
                   image::NameBlockWriter writer([](ByteView) {});
                   for (const auto& key : keys) writer.add(key, 1);
               })
            .has_value();
    };
    CHECK_FALSE(write({key_of("a.example"), key_of("b.example")}));
    CHECK(write({key_of("b.example"), key_of("a.example")}));
    CHECK(write({key_of("a.example"), key_of("a.example")}));
    CHECK(write({key_of("a.example"), key_of("example")}));
    CHECK(write({"example"}));
    CHECK(write({Bytes()}));
    CHECK(write({Bytes(600, 'x') + '\0'}));
}

TEST_CASE("The generated list takes at most 11 bytes a name and one that looks like gambling sites at most 16") {
    Random random(3);
    auto word = [&](std::size_t least, std::size_t most) {
        std::string out;
        for (auto n = random.between(least, most); n > 0; --n) out += static_cast<char>('a' + random.below(26));
        return out;
    };
    auto bytes_a_name = [](const std::map<Bytes, image::SetId>& names) {
        Blocks made(names);
        return static_cast<double>(made.blocks.size() + made.index.size()) / static_cast<double>(names.size());
    };
    std::map<Bytes, image::SetId> generated, gambling;
    static const std::vector<std::string> words{"berita", "pemilu", "slot", "gacor", "situs", "maxwin", "king", "judi"},
        tlds{"com", "com", "com", "com", "xyz", "top", "net", "info"};
    for (int i = 0; i < 100000; ++i) {
        generated[key_of(random.pick(words) + random.pick(words) + std::to_string(i) +
                         (random.one_in(8) ? ".test" : ".example"))] = 1;
        gambling[key_of((random.one_in(2) ? random.pick(words) : word(3, 8)) + word(4, 8) + "." + random.pick(tlds))] =
            1;
    }
    CHECK(bytes_a_name(generated) <= 11);
    CHECK(bytes_a_name(gambling) <= 16);
}

}  // namespace saring::test::image_name_blocks_test
