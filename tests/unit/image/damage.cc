// Damaged image files are refused with a reason and never cause a crash, even if the hash matches.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image_support.h"

namespace saring::test::image_damage_test {
namespace {

using image::Image;
using image::Reason;

struct Small {
    Small() : published(store) { commit_some_of_everything(store, published); }
    std::string path(const std::string& prefix) const {
        for (const auto& file : published.files())
            if (file.rfind(prefix, 0) == 0) return published.folder() + "/" + file;
        FAIL("no " << prefix);
        return {};
    }
    // The result of loading with this content of the file.
    std::optional<image::Reason> refused_with(const std::string& file, ByteView content) const {
        Bytes good = read_file(file);
        put_bytes(file, content);
        auto reason = refused([&] { published.load(); });
        put_bytes(file, good);
        return reason;
    }

    Store store;
    Published published;
};

}  // namespace

TEST_CASE("An image with any byte of any file changed is refused") {
    Small small;
    for (const char* prefix : {"current", "base-", "delta-"}) {
        std::string file = small.path(prefix);
        Bytes good = read_file(file);
        int fd = ::open(file.c_str(), O_WRONLY);
        auto put = [&](std::size_t at, char byte) { REQUIRE(::pwrite(fd, &byte, 1, static_cast<off_t>(at)) == 1); };
        for (std::size_t at = 0; at < good.size(); ++at) {
            put(at, static_cast<char>(good[at] ^ static_cast<char>(1 + at % 255)));
            INFO(prefix << " byte " << at);
            REQUIRE(refused([&] { small.published.load(); }));
            put(at, good[at]);
        }
        ::close(fd);
    }
    CHECK_FALSE(refused([&] { small.published.load(); }));
}

TEST_CASE("An image with any file cut at any length, or longer, is refused") {
    Small small;
    for (const char* prefix : {"current", "base-", "delta-"}) {
        std::string file = small.path(prefix);
        Bytes good = read_file(file);
        for (std::size_t size = 0; size<good.size(); size += good.size()> 4096 ? 61 : 1) {
            INFO(prefix << " cut to " << size);
            // Without its last line `current` is valid and names only the base, which has another serial.
            REQUIRE(small.refused_with(file, ByteView(good).substr(0, size)));
        }
        CHECK(small.refused_with(file, good + "x"));
    }
}

TEST_CASE("Each refusal has its reason") {
    Small small;
    auto& published = small.published;
    auto image = published.load();
    auto base = small.path("base-"), delta = small.path("delta-"), current = small.path("current");
    Bytes base_bytes = read_file(base), delta_bytes = read_file(delta), current_bytes = read_file(current);

    CHECK(small.refused_with(base, base_bytes.substr(1)) == image::Reason::mismatch);
    CHECK(small.refused_with(delta, "x" + delta_bytes.substr(1)) == image::Reason::mismatch);
    CHECK(small.refused_with(current, "nonsense\n") == image::Reason::malformed);
    CHECK(small.refused_with(current, "saring image 3" + current_bytes.substr(14)) == image::Reason::version);
    // Exchange the two files.
    auto exchanged = image::parse_current(current_bytes);
    std::swap(exchanged.base, *exchanged.delta);
    std::rename(base.c_str(),
                (published.folder() + "/" + image::file_name(image::Kind::delta, *exchanged.delta)).c_str());
    std::rename(delta.c_str(),
                (published.folder() + "/" + image::file_name(image::Kind::base, exchanged.base)).c_str());
    CHECK(small.refused_with(current, image::encode(exchanged)) == image::Reason::mismatch);
    put_bytes(base, base_bytes);
    put_bytes(delta, delta_bytes);
    // Without the line of the delta, `current` has the wrong serial.
    auto older = image::parse_current(current_bytes);
    older.delta.reset();
    CHECK(small.refused_with(current, image::encode(older)) == image::Reason::mismatch);
    older.state = image->base()->footer().state;
    CHECK_FALSE(small.refused_with(current, image::encode(older)));
    put_bytes(current, image::encode(older));
    CHECK(refused([&] { image::Image::load(published.folder(), image->expected(), image.get()); }) ==
          image::Reason::older);
    put_bytes(current, current_bytes);

    image::Expected other = image->expected();
    other.ledger[3] ^= 1;
    CHECK(refused([&] { image::Image::load(published.folder(), other); }) == image::Reason::other_ledger);
    CHECK(refused([&] { image::Image::load(published.folder() + "/nowhere"); }) == image::Reason::absent);
    for (const auto& file : {current, base, delta}) {
        Bytes good = read_file(file);
        ::unlink(file.c_str());
        CHECK(refused([&] { published.load(); }) == image::Reason::absent);
        REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
        CHECK(refused([&] { published.load(); }) == image::Reason::unreadable);
        ::unlink(file.c_str());
        REQUIRE(::mkdir(file.c_str(), 0700) == 0);
        CHECK(refused([&] { published.load(); }) == image::Reason::unreadable);
        ::rmdir(file.c_str());
        put_bytes(file, good);
    }
    CHECK_FALSE(refused([&] { published.load(); }));
}

TEST_CASE("A footer or size of a huge file is refused before anything is read") {
    Small small;
    auto current = image::parse_current(read_file(small.path("current")));
    std::string base = small.path("base-");
    REQUIRE(::truncate(base.c_str(), off_t{1} << 42) == 0);
    current.base.size = std::uint64_t{1} << 42;
    CHECK(small.refused_with(small.path("current"), image::encode(current)) == image::Reason::mismatch);
}

}  // namespace saring::test::image_damage_test
