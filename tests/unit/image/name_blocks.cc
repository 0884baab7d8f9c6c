// Look-ups in blocks of front-coded names, also damaged ones.
#include "image/name_blocks.h"

#include <map>

#include "image_support.h"

namespace saring::test::image_name_blocks_test {
namespace {

using namespace image;

struct Blocks {
    explicit Blocks(const std::map<Bytes, image::SetId>& names) {
        image::NameBlockWriter writer([this](ByteView separator, ByteView block) {
            bytes += separator.size() + block.size();
            blocks[Bytes(separator)] = block;
        });
        for (const auto& [key, set] : names) writer.add(key, set);
        writer.finish();
    }
    // Finds the block as a search in LMDB's table does.
    std::size_t find(const LookupKey& key, image::FoundName* out) const {
        if (key.labels() == 0) return 0;
        auto after = blocks.upper_bound(Bytes(key.view().substr(0, key.view().size() - 1)));
        return after == blocks.begin() ? 0 : find_in_block(std::prev(after)->second, key, out);
    }
    std::map<Bytes, Bytes> blocks;
    std::size_t bytes = 0;
};

std::vector<std::pair<std::size_t, image::SetId>> found(const Blocks& blocks, const LookupKey& key) {
    image::FoundName out[max_found];
    auto count = blocks.find(key, out);
    std::vector<std::pair<std::size_t, image::SetId>> all;
    for (std::size_t i = 0; i < count; ++i) all.emplace_back(out[i].labels, out[i].set);
    return all;
}

std::vector<std::pair<std::size_t, image::SetId>> wanted(const std::map<Bytes, image::SetId>& names,
                                                         const LookupKey& key) {
    std::vector<std::pair<std::size_t, image::SetId>> all;
    for (std::size_t labels = 1; labels <= key.labels(); ++labels)
        if (auto at = names.find(Bytes(key.ancestor(labels))); at != names.end()) all.emplace_back(labels, at->second);
    return all;
}

OwnerName random_name(Random& random, std::size_t max_labels, std::size_t variety) {
    static const std::vector<std::string> edges{"a", "b", "ab", "a-b", "\\000", "\\001", "a\\000", "\\255"};
    std::string text = random.one_in(4) ? "test" : "example";
    for (auto n = random.below(max_labels); n > 0; --n)
        text = (random.one_in(2) ? random.pick(edges) : "n" + std::to_string(random.below(variety))) + "." + text;
    return name(text);
}

}  // namespace

TEST_CASE("A look-up in name blocks finds the same names and ancestors as one in a map") {
    Random random(1);
    for (std::size_t variety : {3u, 100u, 100000u}) {
        std::map<Bytes, image::SetId> names;
        for (int i = 0; i < 3000; ++i)
            names[Bytes(LookupKey(random_name(random, 5, variety)).view())] =
                static_cast<image::SetId>(random.one_in(5) ? random.below(1000) : 1);
        Blocks blocks(names);
        if (variety > 3) CHECK(blocks.blocks.size() > 10);
        std::size_t listed = 0;
        for (int i = 0; i < 20000; ++i) {
            LookupKey key(random_name(random, 7, variety));
            auto expected = wanted(names, key);
            REQUIRE(found(blocks, key) == expected);
            listed += !expected.empty();
        }
        CHECK(listed > 1000);
        std::map<Bytes, image::SetId> all;
        Bytes room;
        for (const auto& [separator, block] : blocks.blocks)
            REQUIRE(each_in_block(block, room,
                                  [&](ByteView key, image::SetId set) { return all.emplace(key, set).second; }));
        CHECK(all == names);
    }
}

TEST_CASE("An ancestor listed many blocks earlier is found in the name's block") {
    std::map<Bytes, image::SetId> names{{key_of("example"), 7}, {key_of("hoax.example"), 8}};
    for (int i = 0; i < 5000; ++i) names[key_of("n" + std::to_string(i) + ".hoax.example")] = 9;
    Blocks blocks(names);
    using Found = std::vector<std::pair<std::size_t, image::SetId>>;
    CHECK(found(blocks, LookupKey(name("www.n4711.hoax.example"))) == Found{{1, 7}, {2, 8}, {3, 9}});
    CHECK(found(blocks, LookupKey(name("other.hoax.example"))) == Found{{1, 7}, {2, 8}});
    CHECK(found(blocks, LookupKey(name("zzz.hoax.example"))) == Found{{1, 7}, {2, 8}});
    CHECK(found(blocks, LookupKey(name("nothoax.example"))) == Found{{1, 7}});
    CHECK(found(blocks, LookupKey(name("hoax.test"))).empty());
    CHECK(found(blocks, LookupKey(OwnerName())).empty());
}

TEST_CASE("A block that is truncated or has any byte changed is searched without harm") {
    std::map<Bytes, image::SetId> names;
    for (int i = 0; i < 12; ++i) names[key_of("n" + std::to_string(i) + ".hoax.example")] = 9;
    Blocks blocks(names);
    Bytes good = blocks.blocks.begin()->second, room;
    auto search = [&](ByteView block) {
        image::FoundName out[max_found];
        for (const char* asked : {"n3.hoax.example", "www.n3.hoax.example", "hoax.example", "zzz.hoax.example", "a"})
            REQUIRE(find_in_block(block, LookupKey(name(asked)), out) <= max_found);
        refused([&] { each_in_block(block, room, [](ByteView, image::SetId) { return true; }); });
    };
    for (std::size_t at = 0; at < good.size(); ++at)
        for (unsigned value = 0; value < 256; ++value) {
            Bytes bad = good;
            bad[at] = static_cast<char>(value);
            search(bad);
        }
    for (std::size_t size = 0; size < good.size(); ++size) search(ByteView(good).substr(0, size));
}

TEST_CASE("Unsorted, repeated and invalid keys are not written") {
    auto write = [](std::vector<Bytes> keys) {
        return error_of([&] {
                   image::NameBlockWriter writer([](ByteView, ByteView) {});
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

}  // namespace saring::test::image_name_blocks_test
