// Writes one image file: names first, as they arrive, in 12 bits of memory a name, then addresses and orders. When the
// file is complete and on disk it is renamed to its hash; until then it is "new-…", and the next publication removes
// it.
#pragma once

#include "image/file.h"
#include "image/folder.h"

namespace saring::image {

constexpr const char* unfinished_prefix = "new-";

class FileWriter {
public:
    // LMDB aborts the process when an assertion of its own fails, which names from a damaged database may cause. `end`
    // is called before that with the file's path, and need not return. Call once, from main().
    static void on_failed_check(void (*end)(const char* path));

    // `folder` is an open directory that must stay open; `names`: about how many will come. Throws Error(database) when
    // it cannot write; so do all members.
    FileWriter(int folder, Kind kind, std::uint64_t names);
    ~FileWriter();  // removes the file unless finish() returned
    FileWriter(const FileWriter&) = delete;
    FileWriter& operator=(const FileWriter&) = delete;

    // Keys and entries in the ledger's encoding, keys strictly ascending. Empty entries hide the key of the base
    // (deltas only). `changed` is for deltas: the serial that last changed the key.
    void name(ByteView key, ByteView entries, std::uint64_t changed = 0) {
        names_.add(key, sets_.add(entries, changed));
        filter_.add(key);
    }
    void address(const Prefix& prefix, ByteView entries, std::uint64_t changed = 0) {
        addresses_.add(prefix, sets_.add(entries, changed));
    }
    void order(const ImageOrder& order) { orders_.add(order); }

    // Sets the counts in `footer` and puts the file in place.
    FileRef finish(Footer footer);

private:
    void check(int code, const Message& doing) const;
    void begin();
    void commit();
    void append_entry(MDB_dbi table, ByteView key, ByteView value);

    int folder_;
    Kind kind_;
    std::string name_;
    std::unique_ptr<MDB_env, Close> env_;
    std::unique_ptr<MDB_txn, Close> txn_;
    MDB_dbi sections_ = 0, names_table_ = 0;
    std::size_t uncommitted_ = 0;
    NameBlockWriter names_;
    NameFilterWriter filter_;
    ClaimSetWriter sets_;
    AddressTableWriter addresses_;
    OrderTableWriter orders_;
    bool finished_ = false;
};

// Replaces `current`. When it returns, `current` is on disk, as are the files that it names.
void write_current(int folder, const Current& current);

}  // namespace saring::image
