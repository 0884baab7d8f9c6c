#include "image/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <new>
#include <thread>

#include "image/folder.h"
#include "image/hash.h"
#include "image/refusal.h"

namespace saring::image {
namespace {

constexpr std::size_t chunk = 128 << 10;
// Sleep between slices: a thread that never sleeps uses up its scheduler time slice and then blocks a resolver's worker
// on the same processor for milliseconds.
constexpr auto pause_between_slices = std::chrono::microseconds(20);
constexpr int all_seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

Refusal no_memory(const std::string& name, const Message& why) {
    return {Reason::memory, msg("image file %1", name), why, msg("give the resolver more memory")};
}

// Passes the file's bytes to `take`, in parts, and returns their hash.
template <typename F>
Hash hash_parts(OpenFile& in, F take) {
    Hasher hasher;
    Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(chunk, in.size)), '\0');
    for (std::uint64_t left = in.size; left > 0;) {
        auto size = static_cast<std::size_t>(std::min<std::uint64_t>(chunk, left));
        in.read(buffer.data(), size);
        ByteView part(buffer.data(), size);
        hasher.add(part);
        take(part);
        left -= size;
    }
    return hasher.finish();
}

// Copies the file into a sealed memory file. Throws Refusal(mismatch) unless its hash is `ref`'s.
Descriptor copy_verified(OpenFile& in, const FileRef& ref) {
    Descriptor memory(::memfd_create("saring-image", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (memory.get() < 0) throw no_memory(in.name, msg("cannot make a memory file: %1", std::strerror(errno)));
    if (hash_parts(in, [&](ByteView part) {
            if (int error = write_all(memory.get(), part))
                throw no_memory(in.name, msg("no memory for it: %1", std::strerror(error)));
            std::this_thread::sleep_for(pause_between_slices);
        }) != ref.hash)
        throw Refusal(Reason::mismatch, msg("image file %1", in.name), msg("its hash does not match its name"));
    if (::fcntl(memory.get(), F_ADD_SEALS, all_seals) != 0)
        throw Refusal(Reason::unreadable, msg("image file %1", in.name),
                      msg("cannot seal its memory: %1", std::strerror(errno)));
    return memory;
}

void read_check(int code, const std::string& name) {
    if (code == ENOMEM) throw no_memory(name, msg("no memory to map it"));
    if (code != MDB_SUCCESS)
        throw Refusal(Reason::malformed, msg("image file %1", name),
                      msg("LMDB cannot read it: %1", mdb_strerror(code)));
}

ByteView view(const MDB_val& v) { return {static_cast<const char*>(v.mv_data), v.mv_size}; }

}  // namespace

Hash hash_of(OpenFile& file) {
    return hash_parts(file, [](ByteView) {});
}

std::shared_ptr<const File> File::load(int folder, Kind kind, const FileRef& ref, Reading reading) try {
    OpenFile in = open_file(folder, file_name(kind, ref));
    if (in.size != ref.size || in.size > max_file_bytes)
        throw Refusal(Reason::mismatch, msg("image file %1", in.name),
                      msg("has %1 bytes, was published with %2", in.size, ref.size));
    Descriptor memory = reading == Reading::in_place ? std::move(in.fd) : copy_verified(in, ref);
    std::shared_ptr<File> file(new File(ref, memory.get()));
    file->open(kind, in.name);
    return file;
} catch (const std::bad_alloc&) { throw no_memory(file_name(kind, ref), msg("no memory for its orders")); }

File::File(const FileRef& ref, int memory) : ref_(ref) {
    std::string name = file_name(Kind::base, ref), path = "/proc/self/fd/" + std::to_string(memory);
    MDB_env* env = nullptr;
    read_check(mdb_env_create(&env), name);
    env_.reset(env);
    read_check(mdb_env_set_maxdbs(env, 1), name);
    // The map covers exactly the file.
    read_check(mdb_env_set_mapsize(env, static_cast<std::size_t>(ref.size)), name);
    read_check(mdb_env_open(env, path.c_str(), MDB_RDONLY | MDB_NOLOCK | MDB_NOSUBDIR | MDB_NORDAHEAD, 0), name);
}

void File::open(Kind kind, const std::string& name) {
    MDB_txn* begun = nullptr;
    read_check(mdb_txn_begin(env_.get(), nullptr, MDB_RDONLY, &begun), name);
    std::unique_ptr<MDB_txn, Close> txn(begun);
    MDB_dbi sections;
    read_check(mdb_dbi_open(begun, nullptr, 0, &sections), name);
    read_check(mdb_dbi_open(begun, names_table, 0, &names_), name);
    // The returned view is in the map, which outlives the transaction.
    auto section = [&](ByteView key) {
        MDB_val k{key.size(), const_cast<char*>(key.data())}, v;
        read_check(mdb_get(begun, sections, &k, &v), name);
        return view(v);
    };
    footer_ = decode_footer(section(footer_key));
    if (footer_.kind != kind)
        throw Refusal(Reason::mismatch, msg("image file %1", name),
                      msg("is a base in place of a delta, or a delta in place of a base"));
    sets_ = ClaimSets(section(claims_key));
    filter_ = NameFilter(section(filter_key));
    addresses_ = AddressTable(section(addresses_key));
    orders_ = read_orders(section(orders_key));
    read_check(mdb_txn_commit(txn.release()), name);  // an aborted transaction would close the table's handle
}

NameCursor::NameCursor(const File& file) : filter_(file.filter_) {
    std::string name = file_name(file.footer_.kind, file.ref_);
    MDB_txn* txn = nullptr;
    read_check(mdb_txn_begin(file.env_.get(), nullptr, MDB_RDONLY, &txn), name);
    txn_.reset(txn);
    MDB_cursor* cursor = nullptr;
    read_check(mdb_cursor_open(txn, file.names_, &cursor), name);
    cursor_.reset(cursor);
}

// Moves to the last block whose separator is not above the name. False: there is none.
bool NameCursor::to_block_of(ByteView name, ByteView& block) noexcept {
    MDB_val k{name.size(), const_cast<char*>(name.data())}, v{};
    int rc = mdb_cursor_get(cursor_.get(), &k, &v, MDB_SET_RANGE);
    if (rc == MDB_NOTFOUND) rc = mdb_cursor_get(cursor_.get(), &k, &v, MDB_LAST);
    else if (rc == MDB_SUCCESS && view(k) != name) rc = mdb_cursor_get(cursor_.get(), &k, &v, MDB_PREV);
    if (rc != MDB_SUCCESS) return false;
    block = view(v);
    return true;
}

std::size_t NameCursor::find(const LookupKey& key, FoundName* out) noexcept {
    ByteView block;
    if (!filter_.may_list(key) || !to_block_of(key.view().substr(0, key.view().size() - 1), block)) return 0;
    return find_in_block(block, key, out);
}

void NameCursor::each(ByteView from, const std::function<bool(ByteView, SetId)>& visit) {
    ByteView block, start = from.empty() ? ByteView("\0", 1) : from.substr(0, from.size() - 1);
    Bytes key;
    auto wanted = [&](ByteView name, SetId set) { return name < from || visit(name, set); };
    for (bool there = to_block_of(start, block); there;) {
        if (!each_in_block(block, key, wanted)) return;
        MDB_val k, v;
        there = mdb_cursor_get(cursor_.get(), &k, &v, MDB_NEXT) == MDB_SUCCESS;
        if (there) block = view(v);
    }
}

}  // namespace saring::image
