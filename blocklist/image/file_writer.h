// Writes one image file: names first, as they come and in bounded memory, then addresses and orders. The file gets
// its name, which is its hash, when it is whole and on the disk; until then it is "new-…", which the next publication
// removes.
#pragma once

#include "image/file.h"
#include "image/folder.h"

namespace saring::image {

constexpr const char* unfinished_prefix = "new-";

class FileWriter {
public:
    // LMDB ends the process where a check of its own fails, as it may on names from a damaged database. `end` is called
    // first, with the file's path, and need not return. Once, by a program's main().
    static void on_failed_check(void (*end)(const char* path));

    // `folder` is an open directory and stays so. Throws Error(database) whenever it cannot write.
    FileWriter(int folder, Kind kind);
    ~FileWriter();  // removes the file unless finish() returned
    FileWriter(const FileWriter&) = delete;
    FileWriter& operator=(const FileWriter&) = delete;

    // Keys and entries as the ledger stores them, keys strictly rising. No entries: hides the base's (deltas only).
    // `changed` is of deltas: the serial that changed the key last.
    void name(ByteView key, ByteView entries, std::uint64_t changed = 0) {
        names_.add(key, sets_.add(entries, changed));
    }
    void address(const Prefix& prefix, ByteView entries, std::uint64_t changed = 0) {
        addresses_.add(prefix, sets_.add(entries, changed));
    }
    void order(const ImageOrder& order) { orders_.add(order); }

    // Fills in what it counted.
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
    ClaimSetWriter sets_;
    AddressTableWriter addresses_;
    OrderTableWriter orders_;
    bool finished_ = false;
};

// Replaces `current`: on the disk when it returns, as are the files that it names.
void write_current(int folder, const Current& current);

}  // namespace saring::image
