// One image file in this process's own memory: copied into a sealed memory file while it is hashed, then opened by
// LMDB. No other process can change it, no look-up waits for a disk, and the file in the folder may be removed.
#pragma once

#include <lmdb.h>

#include <functional>
#include <memory>
#include <vector>

#include "image/address_table.h"
#include "image/claim_sets.h"
#include "image/current.h"
#include "image/folder.h"
#include "image/name_blocks.h"
#include "image/name_filter.h"
#include "image/order_table.h"

namespace saring::image {

// Of the file from its current position on. Throws Refusal: unreadable, or mismatch when it is shorter than its size.
Hash hash_of(OpenFile& file);

// Deleters of LMDB's handles.
struct Close {
    void operator()(MDB_env* env) const { mdb_env_close(env); }
    void operator()(MDB_txn* txn) const { mdb_txn_abort(txn); }
    void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
};

// verified_copy: the file is copied into the process's own memory while its hash is checked. in_place: the file is read
// where it is, without a check; for a tool, when a resolver on this machine has it in force and so has checked it.
enum class Reading { verified_copy, in_place };

// Immutable. Thread-safe; each thread uses its own NameCursor.
class File {
public:
    // Throws Refusal: absent, unreadable, mismatch, malformed, version, memory.
    static std::shared_ptr<const File> load(int folder, Kind kind, const FileRef& ref,
                                            Reading reading = Reading::verified_copy);
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    const FileRef& ref() const { return ref_; }
    const Footer& footer() const { return footer_; }
    const AddressTable& addresses() const { return addresses_; }
    const ClaimSets& sets() const { return sets_; }
    const std::vector<std::shared_ptr<const ImageOrder>>& orders() const { return orders_; }  // by index
    std::uint64_t bytes() const { return ref_.size; }

private:
    friend class NameCursor;
    File(const FileRef& ref, int memory);
    void open(Kind kind, const std::string& name);

    FileRef ref_;
    std::unique_ptr<MDB_env, Close> env_;
    MDB_dbi names_ = 0;
    Footer footer_;
    NameFilter filter_;
    AddressTable addresses_;
    ClaimSets sets_;
    std::vector<std::shared_ptr<const ImageOrder>> orders_;
};

// One thread's position in a file's names. The file must outlive it. Not thread-safe.
class NameCursor {
public:
    // Throws Refusal(memory).
    explicit NameCursor(const File& file);

    // As find_in_block(), in the only block that can have the key, unless the filter excludes it. Allocates nothing.
    std::size_t find(const LookupKey& key, FoundName* out) noexcept;
    // Visits all names in order, from the first at or above `from`, until `visit(key, set)` returns false. Throws
    // Refusal(malformed) on a damaged block.
    void each(ByteView from, const std::function<bool(ByteView key, SetId set)>& visit);

private:
    bool to_block_of(ByteView name, ByteView& block) noexcept;

    NameFilter filter_;
    std::unique_ptr<MDB_txn, Close> txn_;
    std::unique_ptr<MDB_cursor, Close> cursor_;
};

}  // namespace saring::image
