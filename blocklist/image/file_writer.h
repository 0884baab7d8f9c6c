// Writes one image file: names first, as they come and in bounded memory (the index, some 20 bytes a block, is
// kept), then addresses and orders. The file gets its name, which is its hash, when it is whole and on the disk;
// until then it is "new-…", which the next publication removes.
#pragma once

#include "image/address_table.h"
#include "image/claim_sets.h"
#include "image/current.h"
#include "image/folder.h"
#include "image/hash.h"
#include "image/name_blocks.h"
#include "image/order_table.h"

namespace saring::image {

constexpr const char* unfinished_prefix = "new-";

class FileWriter {
public:
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

    // Fills in what it counted and where the sections are.
    FileRef finish(Footer footer);

private:
    void write(ByteView bytes);
    void flush();

    int folder_;
    Kind kind_;
    std::string name_;
    Descriptor fd_;
    Hasher hasher_;
    Bytes buffer_;
    std::uint64_t written_ = 0;
    bool finished_ = false;
    ClaimSetWriter sets_;
    NameBlockWriter names_;
    AddressTableWriter addresses_;
    OrderTableWriter orders_;
};

// Replaces `current`: on the disk when it returns, as are the files that it names.
void write_current(int folder, const Current& current);

// Throws Error(database) naming the file, errno's text and what to do.
[[noreturn]] void fail_writing(const std::string& name, const Message& doing, int error);

}  // namespace saring::image
