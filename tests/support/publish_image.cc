// A ledger and its image for tests/fault/test_image.py:
//
//   publish-image prepare FOLDER delta|base   makes FOLDER/db, publishes FOLDER/image and commits once more, so that
//                                             the next publication writes a delta or a base
//   publish-image publish FOLDER              publishes; exit code 5 with the reason when it cannot
//   publish-image show FOLDER                 serial and hash of all that the image lists; exit code 5 when refused
#include <cstdio>
#include <string>

#include "image/hash.h"
#include "image/image.h"
#include "image/publish.h"
#include "ledger/writer.h"

namespace {

using namespace saring;

constexpr UnixTime noon = 1700000000;

std::shared_ptr<ledger::Database> open_ledger(const std::string& folder) {
    config::Config config;
    config.database.path = folder + "/db";
    config.database.map_size = std::size_t{16} << 20;
    return ledger::Database::open_to_write(config);
}

void import(std::shared_ptr<ledger::Database> db, const std::string& source, std::size_t names) {
    list::NameSet set;
    for (std::size_t i = 0; i < names; ++i)
        set.add(LookupKey(OwnerName::parse("n" + std::to_string(i) + "." + source + ".example")).view());
    set.sort_unique();
    ledger::ListInfo info;
    info.source = source, info.authority = "tests", info.expires = policy::never;
    ledger::Writer writer(std::move(db));
    writer.replace_list(info, set, noon);
    writer.commit({"list import", "tester", "", noon});
}

void prepare(const std::string& folder, bool delta) {
    auto db = open_ledger(folder);
    import(db, "a", 2000);
    image::publish(*db, folder + "/image");
    import(db, delta ? "a" : "b", delta ? 1500 : 100);
    if (!delta) return;
    // There is already a delta, which the next one replaces.
    image::publish(*db, folder + "/image");
    import(db, "a", 1400);
}

void show(const std::string& folder) {
    auto image = image::Image::load(folder + "/image");
    image::Hasher hasher;
    image->each_name([&](ByteView key, const image::Claims& claims) {
        hasher.add(key);
        hasher.add(claims.value());
    });
    std::printf("%llu ", static_cast<unsigned long long>(image->serial()));
    for (auto byte : hasher.finish()) std::printf("%02x", byte);
    std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) try {
    std::string what = argc > 2 ? argv[1] : "", folder = argc > 2 ? argv[2] : "";
    if (what == "prepare" && argc > 3) prepare(folder, argv[3] == std::string("delta"));
    else if (what == "publish") image::publish(*open_ledger(folder), folder + "/image");
    else if (what == "show") show(folder);
    else return 2;
    return 0;
} catch (const saring::Error& e) {
    std::fprintf(stderr, "publish-image: %s\n", e.what());
    return static_cast<int>(e.kind());
}
