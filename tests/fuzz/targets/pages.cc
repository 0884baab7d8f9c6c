// A file in which pages were altered. What the walk over its pages finds sound must be fit to be
// written to: LMDB would ruin the memory of the process otherwise, or never come back.
//
// Input: any number of { page u8, offset u16, octets }; offsets of 4096 and more are within a page's first 48 octets.
#include <filesystem>

#include <stdlib.h>

#include "../fuzz.h"
#include "base/file.h"
#include "ledger/page_walk.h"

namespace saring::fuzz {
namespace {

constexpr std::size_t page_size = 4096, map_size = std::size_t{4} << 20;

Bytes key_of(std::size_t number) { return Bytes("k") + std::to_string(number * 7919 % 1000) + Bytes(number % 13 * 10, 'x'); }

// Values short and long, several of a key within a node and in a tree of their own, and pages that became free.
void change(const ledger::lmdb::Environment& env, std::size_t round) {
    ledger::lmdb::WriteTxn txn(env);
    auto plain = *txn.open_db("plain", true), several = *txn.open_db("several", true, MDB_DUPSORT | MDB_DUPFIXED);
    for (std::size_t i = 0; i < 120; ++i) {
        auto n = round * 100 + i;
        if (i % 4 == 3)
            txn.erase(plain, key_of(n - 100));
        else
            txn.put(plain, key_of(n), Bytes(i % 30 == 7 ? 3 * page_size : i % 50, 'v'));
        Bytes owner = n % 3 ? Bytes("many") : Bytes("few") + std::to_string(n % 17);
        if (i % 5 == 4)
            txn.erase(several, owner, be64(n - 50));
        else
            for (std::size_t j = 0; j < 6; ++j) txn.put(several, owner, be64(n * 11 + j));
    }
    ledger::lmdb::commit(std::move(txn));
}

class Files {
public:
    Files() {
        char folder[] = "/tmp/saring-fuzz-XXXXXX";
        if (!::mkdtemp(folder)) broken("no room for a database");
        folder_ = folder;
        ledger::lmdb::Environment env(folder_, options());
        for (std::size_t round = 0; round < 4; ++round) change(env, round);
        sound_ = read_file(data(), map_size);
        if (ledger::lmdb::damaged_page(env)) broken("what LMDB wrote is found damaged");
    }
    ~Files() { std::filesystem::remove_all(folder_); }
    static ledger::lmdb::Options options() {
        ledger::lmdb::Options o;
        o.read_only = false;
        o.map_size = map_size;
        o.max_readers = 8;
        o.relaxed = true;
        return o;
    }
    const std::string& folder() const { return folder_; }
    const Bytes& sound() const { return sound_; }
    std::string data() const { return folder_ + "/data.mdb"; }

private:
    std::string folder_;
    Bytes sound_;
};

}  // namespace

void one(ByteView input) {
    static Files files;
    Bytes content = files.sound();
    Input in(input);
    while (!in.empty()) {
        // Its first pages belong to LMDB's own checks at opening.
        std::size_t page = 2 + in.byte() % (content.size() / page_size - 2), offset = static_cast<std::size_t>(in.byte() << 8);
        offset |= in.byte();
        offset = offset < page_size ? offset : offset % 48;
        auto octets = in.piece().substr(0, page_size - offset);
        content.replace(page * page_size + offset, octets.size(), octets);
    }
    write_file_unflushed(files.data(), content);
    accepted(ErrorKind::database, [&] {
        ledger::lmdb::Environment env(files.folder(), Files::options());
        if (ledger::lmdb::damaged_page(env)) return;
        for (std::size_t round = 4; round < 7; ++round) change(env, round);
    });
}

}  // namespace saring::fuzz
