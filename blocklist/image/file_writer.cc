#include "image/file_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace saring::image {
namespace {

constexpr std::size_t commit_bytes = std::size_t{32} << 20;  // per transaction; bounds LMDB's dirty pages in memory
constexpr mode_t readable_by_all = 0644;                     // nothing in an image is secret

[[noreturn]] void fail_writing(const std::string& name, const Message& doing, int error) {
    throw Error(ErrorKind::database, msg("image file %1", name), doing + ": " + mdb_strerror(error),
                msg("free disk space or correct the folder's permissions; the image in force stays"));
}

Descriptor create(int folder, const std::string& name) {
    ::unlinkat(folder, name.c_str(), 0);  // left by a killed publication with this process id
    int fd = ::openat(folder, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, readable_by_all);
    if (fd < 0) fail_writing(name, msg("cannot create"), errno);
    Descriptor out(fd);
    if (::fchmod(fd, readable_by_all) != 0) fail_writing(name, msg("cannot set its mode"), errno);
    return out;
}

// Flushes the file, then renames it: after a crash it is complete under its new name, or still under the old one.
void rename_flushed(int folder, int fd, const std::string& from, const std::string& to) {
    if (::fsync(fd) != 0) fail_writing(from, msg("cannot flush"), errno);
    if (::renameat(folder, from.c_str(), folder, to.c_str()) != 0)
        fail_writing(to, msg("cannot rename into place"), errno);
    if (::fsync(folder) != 0) fail_writing(to, msg("cannot flush its folder"), errno);
}

std::string unfinished(ByteView what) { return unfinished_prefix + Bytes(what) + "-" + std::to_string(::getpid()); }

void (*failed_check)(const char* path) = nullptr;

void check_failed(MDB_env* env, const char*) {
    const char* path = nullptr;
    mdb_env_get_path(env, &path);
    if (failed_check) failed_check(path);
}

MDB_val val(ByteView v) { return {v.size(), const_cast<char*>(v.data())}; }

}  // namespace

void FileWriter::on_failed_check(void (*end)(const char* path)) { failed_check = end; }

void FileWriter::check(int code, const Message& doing) const {
    if (code != MDB_SUCCESS) fail_writing(name_, doing, code);
}

FileWriter::FileWriter(int folder, Kind kind, std::uint64_t names)
    : folder_(folder),
      kind_(kind),
      name_(unfinished(kind == Kind::base ? "base" : "delta")),
      names_([this](ByteView separator, ByteView block) { append_entry(names_table_, separator, block); }),
      filter_(names) {
    create(folder, name_);
    try {
        MDB_env* env = nullptr;
        check(mdb_env_create(&env), msg("cannot create"));
        env_.reset(env);
        check(mdb_env_set_assert(env, check_failed), msg("cannot create"));
        check(mdb_env_set_maxdbs(env, 1), msg("cannot create"));
        check(mdb_env_set_mapsize(env, static_cast<std::size_t>(max_file_bytes)), msg("cannot map it"));
        auto path = "/proc/self/fd/" + std::to_string(folder) + "/" + name_;
        // MDB_NOSYNC: the complete file is flushed once, at the end.
        check(mdb_env_open(env, path.c_str(), MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC, readable_by_all),
              msg("cannot create"));
        begin();
        check(mdb_dbi_open(txn_.get(), nullptr, 0, &sections_), msg("cannot create"));
        check(mdb_dbi_open(txn_.get(), names_table, MDB_CREATE, &names_table_), msg("cannot create"));
        commit();
        begin();
    } catch (...) {
        ::unlinkat(folder_, name_.c_str(), 0);
        throw;
    }
}

FileWriter::~FileWriter() {
    if (!finished_) ::unlinkat(folder_, name_.c_str(), 0);
}

void FileWriter::begin() {
    MDB_txn* txn = nullptr;
    check(mdb_txn_begin(env_.get(), nullptr, 0, &txn), msg("cannot write"));
    txn_.reset(txn);
    uncommitted_ = 0;
}

void FileWriter::commit() { check(mdb_txn_commit(txn_.release()), msg("cannot write")); }

void FileWriter::append_entry(MDB_dbi table, ByteView key, ByteView value) {
    if (uncommitted_ > commit_bytes) {
        commit();
        begin();
    }
    MDB_val k = val(key), v = val(value);
    // Sections share the main table with the record of `names`, so they are not put in key order.
    check(mdb_put(txn_.get(), table, &k, &v, table == names_table_ ? MDB_APPEND : 0u), msg("cannot write"));
    uncommitted_ += key.size() + value.size();
}

FileRef FileWriter::finish(Footer f) {
    names_.finish();
    f.kind = kind_;
    f.keys = names_.count();
    append_entry(sections_, claims_key, sets_.take());
    append_entry(sections_, filter_key, filter_.take());
    append_entry(sections_, addresses_key, addresses_.finish());
    append_entry(sections_, orders_key, orders_.finish());
    append_entry(sections_, footer_key, encode(f));
    commit();
    env_.reset();
    OpenFile written = open_file(folder_, name_);
    FileRef ref{hash_of(written), written.size};
    rename_flushed(folder_, written.fd.get(), name_, file_name(kind_, ref));
    finished_ = true;
    return ref;
}

void write_current(int folder, const Current& current) {
    std::string name = unfinished("current");
    Descriptor fd = create(folder, name);
    if (int error = write_all(fd.get(), encode(current))) fail_writing(name, msg("cannot write"), error);
    rename_flushed(folder, fd.get(), name, current_name);
}

}  // namespace saring::image
