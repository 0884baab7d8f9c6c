// clang-format off
/* An LD_PRELOAD library that makes one system call of a program fail, or kills the program there, as power loss, a full
 * or a failing disk would.
 *
 *   SARING_FAULT=KIND:FAULT:N   the N-th call (from 1) of a kind; "N+": that one and all later ones
 *     KIND   write   write, writev, pwrite, pwritev, ftruncate
 *            flush   fsync, fdatasync, msync, syncfs
 *            name    open and openat that create a file (also an unnamed one), mkostemp, mkdir, rename, renameat,
 *                    renameat2, link, linkat, unlink, unlinkat, rmdir, chmod, fchmod, chown, fchown
 *            any     all of these
 *     FAULT  kill    SIGKILL instead of the call
 *            killed  SIGKILL after the call
 *            short   writes half of the data
 *            ENOSPC, EIO, EROFS, EDQUOT   fails with this error
 *   SARING_FAULT_UNDER=FOLDER   only calls on files in this folder; others are neither counted nor changed
 *   SARING_FAULT_COUNT=FILE     at exit, writes the number of calls of each kind there
 *
 * Calls inside the C library are not seen, so neither is the output of stdio. */
// clang-format on
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { kind_write, kind_flush, kind_name, kinds };
enum fault { none, kill_before, kill_after, short_write, error };

static enum fault wanted;
static int wanted_errno, wanted_any, sticky;
static enum kind wanted_kind;
static long wanted_number;
static char under[PATH_MAX], count_file[PATH_MAX];
static atomic_long counts[kinds], any_count;

#define REAL(name)                 \
    static __typeof__(name)* real; \
    if (!real) real = (__typeof__(name)*)dlsym(RTLD_NEXT, #name)

static void begin(void) __attribute__((constructor));
static void begin(void) {
    static const struct {
        const char* name;
        int number;
    } errors[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EROFS", EROFS}, {"EDQUOT", EDQUOT}};
    const char* text = getenv("SARING_FAULT");
    char kind[16], fault[16];
    size_t i;
    snprintf(under, sizeof under, "%s", getenv("SARING_FAULT_UNDER") ? getenv("SARING_FAULT_UNDER") : "");
    snprintf(count_file, sizeof count_file, "%s", getenv("SARING_FAULT_COUNT") ? getenv("SARING_FAULT_COUNT") : "");
    if (!text) return;
    if (sscanf(text, "%15[a-z]:%15[A-Za-z]:%ld", kind, fault, &wanted_number) != 3) {
        fprintf(stderr, "shim: SARING_FAULT=%s is not KIND:FAULT:N\n", text);
        _exit(99);
    }
    sticky = text[strlen(text) - 1] == '+';
    wanted_any = !strcmp(kind, "any");
    wanted_kind = !strcmp(kind, "flush") ? kind_flush : !strcmp(kind, "name") ? kind_name : kind_write;
    wanted = !strcmp(fault, "kill")     ? kill_before
             : !strcmp(fault, "killed") ? kill_after
             : !strcmp(fault, "short")  ? short_write
                                        : error;
    for (i = 0; i < sizeof errors / sizeof errors[0]; i++)
        if (!strcmp(fault, errors[i].name)) wanted_errno = errors[i].number;
    if (wanted == error && !wanted_errno) {
        fprintf(stderr, "shim: %s is no fault\n", fault);
        _exit(99);
    }
}

static void end(void) __attribute__((destructor));
static void end(void) {
    FILE* out = count_file[0] ? fopen(count_file, "w") : NULL;
    if (!out) return;
    fprintf(out, "{\"write\": %ld, \"flush\": %ld, \"name\": %ld, \"any\": %ld}\n", (long)counts[kind_write],
            (long)counts[kind_flush], (long)counts[kind_name], (long)any_count);
    fclose(out);
}

static int concerns_path(const char* path) {
    return !under[0] || (path && (path[0] != '/' || !strncmp(path, under, strlen(under))));
}

static int concerns(int fd) {
    char link[64], path[PATH_MAX];
    ssize_t size;
    if (!under[0]) return 1;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return concerns_path(path);
}

/* Decides on this call. */
static enum fault now(enum kind kind, int counted) {
    long number, any;
    if (!counted) return none;
    number = atomic_fetch_add(&counts[kind], 1) + 1;
    any = atomic_fetch_add(&any_count, 1) + 1;
    if (wanted_any) number = any;
    else if (kind != wanted_kind) return none;
    if (wanted == none || (sticky ? number < wanted_number : number != wanted_number)) return none;
    if (wanted == kill_before) raise(SIGKILL);
    if (wanted == error) errno = wanted_errno;
    return wanted;
}

static long after(enum fault fault, long result) {
    if (fault == kill_after) raise(SIGKILL);
    return result;
}

#define CALL(kind, counted, call)                            \
    do {                                                     \
        enum fault fault = now(kind, counted);               \
        if (fault == error) return -1;                       \
        return (__typeof__(call))after(fault, (long)(call)); \
    } while (0)

ssize_t write(int fd, const void* data, size_t size) {
    REAL(write);
    enum fault fault = now(kind_write, concerns(fd));
    if (fault == error) return -1;
    return after(fault, real(fd, data, fault == short_write ? (size + 1) / 2 : size));
}

ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
    REAL(pwrite);
    enum fault fault = now(kind_write, concerns(fd));
    if (fault == error) return -1;
    return after(fault, real(fd, data, fault == short_write ? (size + 1) / 2 : size, at));
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) { return pwrite(fd, data, size, at); }

/* Short: writes the first piece, or half of a single one. */
ssize_t writev(int fd, const struct iovec* pieces, int count) {
    REAL(writev);
    enum fault fault = now(kind_write, concerns(fd));
    struct iovec half = pieces[0];
    half.iov_len = (half.iov_len + 1) / 2;
    if (fault == error) return -1;
    if (fault == short_write) return count > 1 ? real(fd, pieces, 1) : real(fd, &half, 1);
    return after(fault, real(fd, pieces, count));
}

ssize_t pwritev(int fd, const struct iovec* pieces, int count, off_t at) {
    REAL(pwritev);
    enum fault fault = now(kind_write, concerns(fd));
    struct iovec half = pieces[0];
    half.iov_len = (half.iov_len + 1) / 2;
    if (fault == error) return -1;
    if (fault == short_write) return count > 1 ? real(fd, pieces, 1, at) : real(fd, &half, 1, at);
    return after(fault, real(fd, pieces, count, at));
}
ssize_t pwritev64(int fd, const struct iovec* pieces, int count, off64_t at) { return pwritev(fd, pieces, count, at); }

int ftruncate(int fd, off_t size) {
    REAL(ftruncate);
    CALL(kind_write, concerns(fd), real(fd, size));
}
int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }

int fsync(int fd) {
    REAL(fsync);
    CALL(kind_flush, concerns(fd), real(fd));
}
int fdatasync(int fd) {
    REAL(fdatasync);
    CALL(kind_flush, concerns(fd), real(fd));
}
int syncfs(int fd) {
    REAL(syncfs);
    CALL(kind_flush, concerns(fd), real(fd));
}
int msync(void* at, size_t size, int flags) {
    REAL(msync);
    CALL(kind_flush, 1, real(at, size, flags));
}

int open(const char* path, int flags, ...) {
    REAL(open);
    va_list list;
    mode_t mode;
    va_start(list, flags);
    mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    CALL(kind_name, ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) && concerns_path(path),
         real(path, flags, mode));
}
int open64(const char* path, int flags, ...) {
    va_list list;
    mode_t mode;
    va_start(list, flags);
    mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    return open(path, flags | O_LARGEFILE, mode);
}
int openat(int dir, const char* path, int flags, ...) {
    REAL(openat);
    va_list list;
    mode_t mode;
    va_start(list, flags);
    mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    CALL(kind_name, ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) && (concerns(dir) || concerns_path(path)),
         real(dir, path, flags, mode));
}
int mkostemp(char* template, int flags) {
    REAL(mkostemp);
    CALL(kind_name, concerns_path(template), real(template, flags));
}
int mkostemp64(char* template, int flags) { return mkostemp(template, flags); }
int mkdir(const char* path, mode_t mode) {
    REAL(mkdir);
    CALL(kind_name, concerns_path(path), real(path, mode));
}
int rename(const char* from, const char* to) {
    REAL(rename);
    CALL(kind_name, concerns_path(to), real(from, to));
}
int renameat(int a, const char* from, int b, const char* to) {
    REAL(renameat);
    CALL(kind_name, concerns(b) || concerns_path(to), real(a, from, b, to));
}
int renameat2(int a, const char* from, int b, const char* to, unsigned flags) {
    REAL(renameat2);
    CALL(kind_name, concerns_path(to), real(a, from, b, to, flags));
}
int link(const char* from, const char* to) {
    REAL(link);
    CALL(kind_name, concerns_path(to), real(from, to));
}
int linkat(int a, const char* from, int b, const char* to, int flags) {
    REAL(linkat);
    CALL(kind_name, concerns_path(to), real(a, from, b, to, flags));
}
int unlink(const char* path) {
    REAL(unlink);
    CALL(kind_name, concerns_path(path), real(path));
}
int unlinkat(int dir, const char* path, int flags) {
    REAL(unlinkat);
    CALL(kind_name, concerns(dir) || concerns_path(path), real(dir, path, flags));
}
int rmdir(const char* path) {
    REAL(rmdir);
    CALL(kind_name, concerns_path(path), real(path));
}
int chmod(const char* path, mode_t mode) {
    REAL(chmod);
    CALL(kind_name, concerns_path(path), real(path, mode));
}
int fchmod(int fd, mode_t mode) {
    REAL(fchmod);
    CALL(kind_name, concerns(fd), real(fd, mode));
}
int chown(const char* path, uid_t user, gid_t group) {
    REAL(chown);
    CALL(kind_name, concerns_path(path), real(path, user, group));
}
int fchown(int fd, uid_t user, gid_t group) {
    REAL(fchown);
    CALL(kind_name, concerns(fd), real(fd, user, group));
}
