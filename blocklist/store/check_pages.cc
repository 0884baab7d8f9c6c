#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

#include "store/check.h"
#include "store/lmdb.h"

namespace saring {
namespace {

constexpr int look_every = 100;  // ms

// How far the other process has come, in memory that both see. Without it (nobody looks, or
// there is none to be had) nothing is counted.
class Shared {
public:
    struct Counts {
        std::atomic<std::uint64_t> keys, walked;
    };
    explicit Shared(bool wanted) {
        if (!wanted) return;
        void* at = ::mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (at != MAP_FAILED) counts_ = new (at) Counts{};
    }
    ~Shared() {
        if (counts_) ::munmap(counts_, sizeof(Counts));
    }
    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;
    Counts* counts() const { return counts_; }

private:
    Counts* counts_ = nullptr;
};

// Tells what the other process counts until it has something to say, or is gone.
void show_until_told(int told, const Shared::Counts& counts, Progress& progress) {
    bool begun = false;
    for (pollfd p{told, POLLIN, 0}; ::poll(&p, 1, look_every) == 0;) {
        if (auto keys = counts.keys.load(); keys > 0 && !begun) {
            progress.begin(msg("checking pages"), msg("keys"), keys);
            begun = true;
        }
        if (begun) progress.at(counts.walked.load());
    }
    if (begun) progress.end();
}

// Empty when its keys are in order and as many as it claims.
std::string walk(const lmdb::ReadTxn& txn, const std::string& name, MDB_dbi table, Shared::Counts* shown) {
    std::size_t walked = 0;
    Bytes before;
    lmdb::Cursor cursor(txn, table);
    for (auto item = cursor.first(); item; item = cursor.next(), ++walked) {
        if (walked > 0 && item->key <= before) return "table " + name + " is out of order after " + std::to_string(walked) + " keys";
        before = item->key;
        if (shown) shown->walked.fetch_add(1, std::memory_order_relaxed);
        volatile char last = item->value.empty() ? '\0' : item->value.back();
        (void)last;
    }
    if (walked == txn.entries(table)) return {};
    return "table " + name + " has " + std::to_string(walked) + " keys and claims " + std::to_string(txn.entries(table));
}

// Empty when sound. A page that is out of the file, or no page at all, may end the process.
std::string look_at_pages(const std::string& path, bool file, Shared::Counts* shown) {
    lmdb::Options options;
    options.single_file = file;
    lmdb::Environment env(path, options);
    // LMDB's compacting copy follows every page of every table and counts the free ones.
    int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    int rc = mdb_env_copyfd2(env.handle(), nowhere, MDB_CP_COMPACT);
    ::close(nowhere);
    if (rc != 0) return std::string("its pages do not hang together: ") + mdb_strerror(rc);

    lmdb::ReadTxn txn(env);
    if (shown) {
        std::uint64_t keys = 0;
        lmdb::each_table(txn, [&](ByteView, MDB_dbi table) {
            keys += txn.entries(table);
            return true;
        });
        shown->keys = keys;
    }
    std::string wrong;
    lmdb::each_table(txn, [&](ByteView name, MDB_dbi table) {
        wrong = walk(txn, std::string(name), table, shown);
        return wrong.empty();
    });
    if (!wrong.empty()) return wrong;
    return env.is_whole() ? "" : "it was cut short while it was read";
}

}  // namespace

std::optional<std::string> check_pages(const std::string& path, bool file, Progress& progress) {
    Shared shared(progress.wanted());
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw lmdb::Failure(lmdb::Fault::unavailable, path, msg("cannot make a pipe: %1", std::strerror(errno)), msg("free resources and try again"));
    pid_t child = ::fork();
    if (child < 0) throw lmdb::Failure(lmdb::Fault::unavailable, path, msg("cannot start a process: %1", std::strerror(errno)), msg("free resources and try again"));
    if (child == 0) {
        // An assertion of LMDB's speaks to standard error; the parent says it in its own words.
        if (int nowhere = ::open("/dev/null", O_WRONLY); nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);
        std::string told;
        try {
            told = look_at_pages(path, file, shared.counts());
        } catch (const Error& e) {
            told = e.why().english();
        } catch (const std::exception& e) {
            told = e.what();
        }
        ssize_t ignored = ::write(ends[1], told.data(), told.size());
        (void)ignored;
        ::_exit(0);
    }
    ::close(ends[1]);
    if (shared.counts()) show_until_told(ends[0], *shared.counts(), progress);
    std::string told;
    char buffer[4096];
    for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR);)
        if (n > 0) told.append(buffer, static_cast<std::size_t>(n));
    ::close(ends[0]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) return std::string("its pages are damaged: reading them ended in ") + strsignal(WTERMSIG(status));
    if (status != 0) return "its pages are damaged: reading them failed";
    if (told.empty()) return std::nullopt;
    return told;
}

}  // namespace saring
