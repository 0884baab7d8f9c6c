#include "support.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <stdexcept>

#include "image/publish.h"
#include "ledger/writer.h"

namespace saring::bench {
namespace {

constexpr std::size_t sample = 4096;

struct TempDir {
    TempDir() {
        char pattern[] = "/tmp/saring-micro-XXXXXX";
        path = ::mkdtemp(pattern);
    }
    ~TempDir() { std::filesystem::remove_all(path); }
    std::string path;
};

list::NameSet generated(std::size_t count) {
    std::mt19937_64 random(1);
    list::NameSet names;
    for (std::size_t i = 0; i < count; ++i) {
        std::string text = (random() % 3 == 0 ? "www.situs" : "kabar") + std::to_string(random() % 100000) + "-" +
                           std::to_string(i) + (random() % 4 ? ".example" : ".test");
        names.add(LookupKey(OwnerName::parse(text)).view());
    }
    names.sort_unique();
    return names;
}

std::shared_ptr<ledger::Database> own_database() {
    static TempDir folder;
    config::Config config;
    config.database.path = folder.path + "/db";
    auto db = ledger::Database::open_to_write(config);
    const char* wanted = std::getenv("SARING_BENCH_NAMES");
    ledger::Writer writer(db);
    ledger::ListInfo info;
    info.source = "bench";
    info.authority = "bench";
    info.expires = policy::never;
    writer.replace_list(info, generated(wanted ? std::strtoul(wanted, nullptr, 10) : 1000000), now_unix());
    writer.commit({"bench", "bench", "", now_unix()});
    return db;
}

std::shared_ptr<ledger::Database> given_database(const char* path) {
    config::Config config;
    config.database.path = path;
    config.database.map_size = 0;
    return ledger::Database::open(config);
}

Material make() {
    Material m;
    const char* given = std::getenv("SARING_BENCH_DB");
    m.db = given ? given_database(given) : own_database();
    auto folder = m.db->environment().directory() + "/image";
    image::publish(*m.db, folder);
    m.images = std::make_unique<Images>(folder, "none");
    if (!m.images->look()) throw std::runtime_error(m.images->refused());
    ledger::lmdb::ReadTxn txn(m.db->environment());
    ledger::lmdb::Cursor cursor(txn, m.db->tables().names);
    std::size_t stride = std::max<std::size_t>(txn.entries(m.db->tables().names) / sample, 1), at = 0;
    for (auto item = cursor.first(); item; item = cursor.next()) {
        if (at++ % stride != 0) continue;
        OwnerName name = name_of_key(item->key);
        m.listed.push_back(name);
        m.below.push_back(OwnerName::parse("www.cdn." + name.to_string()));
        m.unlisted.push_back(OwnerName::parse("www.tidak-" + std::to_string(at) + "." + name.suffix(1).to_string()));
    }
    for (auto* names : {&m.listed, &m.below, &m.unlisted}) std::shuffle(names->begin(), names->end(), std::mt19937(2));
    return m;
}

}  // namespace

const Material& material() {
    static const Material m = make();
    return m;
}

}  // namespace saring::bench
