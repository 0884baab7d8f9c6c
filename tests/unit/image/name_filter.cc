// The filter before a search: what it must never exclude, and how much it does.
#include "image/name_filter.h"

#include <set>

#include "base/hex.h"
#include "image_support.h"

namespace saring::test::image_name_filter_test {
namespace {

using namespace image;

LookupKey key(const std::string& text) { return LookupKey(name(text)); }

Bytes filter_of(const std::vector<std::string>& names, std::uint64_t expected) {
    std::set<Bytes> sorted;
    for (const auto& n : names) sorted.emplace(key(n).view());
    NameFilterWriter writer(expected);
    for (const auto& k : sorted) writer.add(k);
    return writer.take();
}

}  // namespace

TEST_CASE("A filter excludes no listed name and no name below one, however few names it was made for") {
    Random random(1);
    std::vector<std::string> names;
    for (int i = 0; i < 2000; ++i) {
        std::string text = "n" + std::to_string(random.below(5000));
        for (auto depth = random.below(4); depth > 0; --depth) text += ".d" + std::to_string(random.below(30));
        names.push_back(text);
    }
    for (std::uint64_t expected : {std::uint64_t{0}, std::uint64_t{10}, std::uint64_t{2000}}) {
        Bytes section = filter_of(names, expected);
        NameFilter filter(section);
        for (const auto& n : names) {
            CHECK(filter.may_list(key(n)));
            CHECK(filter.may_list(key("www." + n)));
            CHECK(filter.may_list(key("a.b.c.d." + n)));
        }
    }
}

TEST_CASE("A filter excludes nineteen of twenty unlisted names") {
    std::vector<std::string> names;
    for (int i = 0; i < 20000; ++i) names.push_back("hoax" + std::to_string(i) + ".example");
    Bytes section = filter_of(names, names.size());
    NameFilter filter(section);
    int excluded = 0;
    for (int i = 0; i < 20000; ++i) excluded += !filter.may_list(key("www.news" + std::to_string(i) + ".test"));
    CHECK(excluded > 19000);
    CHECK(!filter.may_list(LookupKey(OwnerName())));
    CHECK(!filter.may_list(key("example")));
}

TEST_CASE("A filter has the bits that the format describes") {
    // Computed by another program from blocklist/image/FORMAT.md.
    CHECK(hex(filter_of({"hoax.example", "a.b.c.test"}, 16)) ==
          "02000000000000000000080000220004000000000000000040000000000000e0");
}

TEST_CASE("A filter of a wrong length or with wrong labels is refused") {
    Bytes section = filter_of({"hoax.example"}, 1);
    for (const Bytes& wrong : {Bytes(), section.substr(0, 8), section + 'x'})
        CHECK(refused([&] { NameFilter filter(wrong); }) == Reason::malformed);
    for (char fewest : {'\0', '\4'}) {
        section[0] = fewest;
        CHECK(refused([&] { NameFilter filter(section); }) == Reason::malformed);
    }
}

}  // namespace saring::test::image_name_filter_test
