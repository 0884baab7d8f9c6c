// Compares ledger and image: size, look-ups, publishing, loading. Times are the thread's own processor time, so
// that other processes disturb them little; for loading, wall time is printed too.
//
//   bench-image COUNT generated|gambling     COUNT names, as tests/bench/names.py makes them, or as gambling sites
//                                            call themselves: words, numbers and random letters below .com, .xyz, ...
#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>

#include "image/image.h"
#include "image/publish.h"
#include "ledger/decide.h"
#include "ledger/writer.h"

namespace {

using namespace saring;

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

struct Spent {
    double cpu, clock;
};
template <typename F>
Spent spent(F work) {
    auto begin = std::chrono::steady_clock::now();
    double cpu = cpu_seconds();
    work();
    return {cpu_seconds() - cpu, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()};
}

const char* const words[] = {
    "berita",  "kabar",    "info",       "pemilu",  "suara",   "rakyat",  "viral",   "fakta",  "hoaks",  "portal",
    "warta",   "media",    "nusantara",  "politik", "pilpres", "tps",     "hitung",  "cepat",  "caleg",  "kampanye",
    "jakarta", "jawa",     "sumatra",    "lapor",   "bocor",   "rahasia", "terkini", "harian", "online", "update",
    "kini",    "update24", "trending",   "judi",    "slot",    "gacor",   "togel",   "bola",   "poker",  "maxwin",
    "situs",   "link",     "alternatif", "resmi",   "bandar",  "agen",    "win",     "bet",    "star",   "mega",
    "super",   "king",     "dewa",       "raja",    "zeus",    "naga",    "hoki",    "cuan",   "jp",     "asia"};

// tests/bench/names.py, name(index).
std::string generated(std::uint64_t index) {
    static const char* const parents[] = {"example", "example", "example", "example",
                                          "example", "test",    "test",    "id.example"};
    static const char* const hosts[] = {"", "", "", "", "", "", "www.", "m.", "amp.", "cdn."};
    static const char* const joints[] = {"", "", "", "-"};
    std::uint64_t h = index * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019;
    h ^= h >> 29;
    char number[20];
    std::snprintf(number, sizeof number, "%llx", static_cast<unsigned long long>(index));
    return std::string(hosts[h % 10]) + words[(h >> 8) % 60] + joints[(h >> 16) & 3] + words[(h >> 24) % 60] + number +
           "." + parents[(h >> 32) & 7];
}

std::string gambling(std::mt19937_64& random) {
    static const char* const tlds[] = {"com",    "com",  "com", "com", "com",   "com",         "com",
                                       "xyz",    "xyz",  "net", "org", "top",   "info",        "site",
                                       "online", "club", "vip", "cc",  "co.id", "blogspot.com"};
    static const char* const hosts[] = {"", "", "", "", "", "", "www.", "m.", "login.", "daftar."};
    auto letters = [&](std::size_t count) {
        std::string out;
        for (; count > 0; --count) out += static_cast<char>('a' + random() % 26);
        return out;
    };
    std::string name;
    auto kind = random() % 20;
    if (kind < 11) {
        for (auto n = 2 + random() % 2; n > 0; --n) name += words[random() % 60];
        if (random() % 2) name += std::to_string(random() % 10000);
    } else if (kind < 17) {
        name = letters(6 + random() % 9);
        if (random() % 5 < 2) name += std::to_string(random() % 100);
    } else {
        name = std::string(words[random() % 60]) + "-" + letters(3 + random() % 6);
    }
    return hosts[random() % 10] + name + "." + tlds[random() % 20];
}

struct Questions {
    std::vector<OwnerName> listed, below, unlisted;
};

template <typename Ask>
void time_lookups(const char* what, const Questions& q, Ask ask) {
    for (auto [kind, names] :
         {std::pair("listed", &q.listed), std::pair("below listed", &q.below), std::pair("unlisted", &q.unlisted)}) {
        std::size_t found = 0;
        double best = 1e9;
        for (int round = 0; round < 3; ++round) {
            found = 0;
            best = std::min(best, spent([&] {
                                      for (const auto& n : *names) found += ask(n);
                                  }).cpu);
        }
        std::printf("%-28s %-13s %6.0f ns  (%zu of %zu found)\n", what, kind,
                    best / static_cast<double>(names->size()) * 1e9, found, names->size());
    }
}

// Of the process's own, mapped files aside, in MiB.
double own_memory() {
    double kib = 0;
    char line[256];
    std::FILE* status = std::fopen("/proc/self/status", "r");
    while (status && std::fgets(line, sizeof line, status)) std::sscanf(line, "RssAnon: %lf", &kib);
    if (status) std::fclose(status);
    return kib / 1024;
}

std::uint64_t file_bytes(const std::string& path) { return std::filesystem::file_size(path); }

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000000;
    bool made_up = argc > 2 && std::string(argv[2]) == "gambling";
    char folder[] = "/tmp/saring-bench-image-XXXXXX";
    if (!::mkdtemp(folder)) return 1;
    config::Config config;
    config.database.path = std::string(folder) + "/db";
    config.database.map_size = std::size_t{8} << 30;
    auto db = ledger::Database::open_to_write(config);
    std::mt19937_64 random(1);
    {
        list::NameSet names;
        for (std::uint64_t i = 0; i < count; ++i)
            names.add(LookupKey(OwnerName::parse(made_up ? gambling(random) : generated(i))).view());
        names.sort_unique();
        ledger::Writer writer(db);
        ledger::ListInfo info;
        info.source = "bench", info.authority = "bench", info.expires = policy::never;
        writer.replace_list(info, names, now_unix());
        writer.commit({"bench", "bench", "", now_unix()});
    }
    std::string images = std::string(folder) + "/image";
    ::malloc_trim(0);
    double before = own_memory();
    auto base = spent([&] { image::publish(*db, images); });
    std::printf("memory after publishing      %.1f MiB more than before\n", own_memory() - before);
    std::printf("base published               %.2f s on the clock, %.2f s of processor\n", base.clock, base.cpu);

    std::shared_ptr<const image::Image> loaded;
    auto loading = spent([&] { loaded = image::Image::load(images); });
    std::printf("loaded and hashed            %.3f s on the clock, %.3f s of processor\n", loading.clock, loading.cpu);
    auto names = static_cast<double>(loaded->name_count());
    std::printf("names                        %.0f; image %.2f bytes a name (%.1f MiB), ledger %.2f\n", names,
                static_cast<double>(loaded->bytes()) / names, static_cast<double>(loaded->bytes()) / 1048576,
                static_cast<double>(file_bytes(config.database.path + "/data.mdb")) / names);

    ledger::lmdb::ReadTxn txn(db->environment());
    ledger::Snapshot snapshot(txn, db->tables());
    Questions questions;
    {
        constexpr std::size_t sample = 200000;
        ledger::lmdb::Cursor cursor(txn, db->tables().names);
        std::size_t stride = std::max<std::size_t>(loaded->name_count() / sample, 1), at = 0;
        for (auto item = cursor.first(); item; item = cursor.next()) {
            if (at++ % stride != 0) continue;
            OwnerName name = name_of_key(item->key);
            questions.listed.push_back(name);
            std::string text = name.to_string();
            questions.below.push_back(OwnerName::parse("www.cdn." + text));
            auto dot = text.find('.');
            questions.unlisted.push_back(OwnerName::parse("www." + text.substr(0, dot) + "zq" + text.substr(dot)));
        }
        for (auto* list : {&questions.listed, &questions.below, &questions.unlisted})
            std::shuffle(list->begin(), list->end(), std::mt19937(2));
    }
    policy::Circumstances c{now_unix(), nullptr, policy::Action::nxdomain};
    auto verdict = [&](const auto& source) {
        return [&](const OwnerName& n) { return decide(source, n, c).outcome == policy::Outcome::block; };
    };
    time_lookups("ledger look-up", questions, [&](const OwnerName& n) {
        LookupKey key(n);
        return snapshot.closest_listed(key, key.labels()).has_value();
    });
    auto reader = std::make_unique<image::Reader>(loaded);
    time_lookups("image look-up", questions, [&](const OwnerName& n) { return reader->lists(LookupKey(n)); });
    time_lookups("ledger decide", questions, verdict(snapshot));
    time_lookups("image decide", questions, verdict(*reader));

    // A small order on top, then as many names as a delta holds.
    auto commit = [&](const std::string& id, std::size_t size) {
        order::Order order;
        order.id = id, order.authority = "bench", order.issued = order.effective = now_unix() - 10,
        order.expires = policy::never;
        for (std::size_t i = 0; i < size; ++i)
            order.domains.push_back(
                {OwnerName::parse("h" + std::to_string(random()) + ".new.example"), policy::Match::subtree});
        ledger::Writer writer(db);
        writer.apply(order, {"{}", {}}, "key", now_unix());
        writer.commit({"bench", "bench", "", now_unix()});
    };
    auto in_force = [&](const char* what) {
        image::Publication done;
        auto publishing = spent([&] { done = image::publish(*db, images); });
        std::shared_ptr<const image::Image> next;
        auto taking = spent([&] { next = image::Image::load(images, loaded->expected(), loaded.get()); });
        std::printf("%-28s %.3f s published (%s), %.3f s loaded; %.1f KiB\n", what, publishing.clock,
                    done.how == image::Publication::How::delta ? "delta" : "base", taking.clock,
                    static_cast<double>(next->bytes() -
                                        (done.how == image::Publication::How::delta ? next->base()->bytes() : 0)) /
                        1024);
        loaded = next;
        reader = std::make_unique<image::Reader>(loaded);
    };
    commit("B-1", 100);
    in_force("100 names more");
    commit("B-2", static_cast<std::size_t>(image::fold_limit(loaded->name_count())) - 200);
    in_force("a full delta");
    commit("B-3", 10);
    in_force("10 names on a full delta");
    time_lookups("image with full delta, decide", questions, verdict(*reader));
    // The limit rises with the names that were added.
    commit("B-4", 1000 + static_cast<std::size_t>(image::fold_limit(loaded->name_count())) / 20);
    in_force("folded into a base");
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("most memory (ledger mapped)  %ld MiB\n", usage.ru_maxrss / 1024);
    std::filesystem::remove_all(folder);
}
