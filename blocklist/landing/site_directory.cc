#include "landing/site_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/file.h"

namespace saring::landing {
namespace {

namespace fs = std::filesystem;

constexpr const char* mark = ".saring-landing";
constexpr std::string_view mark_text =
    "saring-landing/1\nMade by blocklist-tool landing build, which replaces this directory as a whole.\n";

[[noreturn]] void fail(const std::string& path, const Message& doing, int error) {
    throw Error(ErrorKind::usage, path, doing + ": " + std::strerror(error),
                msg("check the path, its permissions and its disk"));
}

[[noreturn]] void refuse(const std::string& path, const Message& why) {
    throw Error(ErrorKind::refused, path, why,
                msg("name a directory that is not there yet, is empty, or was made by this command"));
}

bool is_marked(const fs::path& dir) {
    std::error_code ignored;
    if (fs::symlink_status(dir / mark, ignored).type() != fs::file_type::regular) return false;
    return read_file((dir / mark).string(), 4096).rfind("saring-landing/", 0) == 0;
}

// A build killed while it set its mark.
bool is_barely_begun(const fs::path& dir) {
    for (const auto& entry : fs::directory_iterator(dir))
        if (entry.path().filename().string().rfind(mark, 0) != 0) return false;
    return true;
}

// Nothing that stands there would be lost by deleting it.
void require_own(const fs::path& dir) {
    auto type = fs::symlink_status(dir).type();
    if (type == fs::file_type::not_found) return;
    if (type != fs::file_type::directory) refuse(dir.string(), msg("is no directory"));
    if (is_barely_begun(dir)) return;
    if (!is_marked(dir)) refuse(dir.string(), msg("is not a landing site, and its content would be lost"));
    for (const auto& entry : fs::recursive_directory_iterator(dir)) {
        auto relative = entry.path().lexically_relative(dir).string();
        auto kind = entry.symlink_status().type();
        // OutputFile's and write_file's temporary names are a file's own name and a suffix.
        bool known = is_part_of_site(relative) ||
                     is_part_of_site(relative.substr(0, relative.size() - std::min<std::size_t>(7, relative.size())));
        if (!known || (kind != fs::file_type::regular && kind != fs::file_type::directory))
            refuse(dir.string(), msg("holds %1, which no build put there and which would be lost", relative));
    }
}

// The mark goes last, so that a removal that is cut short can be taken up again.
void remove_own(const fs::path& dir) {
    if (!fs::exists(fs::symlink_status(dir))) return;
    for (const auto& entry : fs::directory_iterator(dir))
        if (entry.path().filename() != mark) fs::remove_all(entry.path());
    fs::remove_all(dir);
}

}  // namespace

bool is_part_of_site(const std::string& relative) {
    for (const char* one : {mark, "www", "www/index.html", "www/ended.html", "www/order", "nginx", "nginx/hosts.map",
                            "nginx/headers.conf"})
        if (relative == one) return true;
    static constexpr std::string_view begin = "www/order/", end = ".html";
    if (relative.size() != begin.size() + 32 + end.size() || relative.compare(0, begin.size(), begin) != 0)
        return false;
    return relative.find_first_not_of("0123456789abcdef", begin.size()) == begin.size() + 32 &&
           relative.substr(begin.size() + 32) == end;
}

SiteDirectory::SiteDirectory(const std::string& path) {
    std::error_code error;
    fs::path given = fs::absolute(path).lexically_normal();
    if (!given.has_filename()) given = given.parent_path();  // "dir/"
    auto parent = fs::canonical(given.parent_path(), error);
    if (error) fail(given.parent_path().string(), msg("cannot open"), error.value());
    fs::path real =
        fs::is_symlink(fs::symlink_status(given, error)) ? fs::canonical(given, error) : parent / given.filename();
    if (error && error != std::errc::no_such_file_or_directory)
        fail(given.string(), msg("cannot follow the symbolic link"), error.value());
    if (real.empty()) fail(given.string(), msg("cannot follow the symbolic link"), ENOENT);
    path_ = real.string();
    building_ = path_ + ".building";

    auto folder = real.parent_path().string();
    parent_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent_ < 0) fail(folder, msg("cannot open"), errno);
    try {
        if (::flock(parent_, LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK) fail(folder, msg("cannot lock"), errno);
            throw Error(ErrorKind::refused, path_, msg("another landing build is running in %1", folder),
                        msg("wait for it to end; nothing was done"));
        }
        require_own(path_);
        require_own(building_);
        remove_own(building_);
        begin();
    } catch (const fs::filesystem_error& e) {
        ::close(parent_);
        fail(e.path1().string(), msg("cannot read or remove"), e.code().value());
    } catch (...) {
        ::close(parent_);
        throw;
    }
}

// Whole or not at all: nobody ends what the constructor did not finish.
void SiteDirectory::begin() {
    auto make = [&](const std::string& folder) {
        if (::mkdir(folder.c_str(), 0755) != 0) fail(folder, msg("cannot create"), errno);
    };
    make(building_);
    try {
        write_file(file(mark), mark_text);
        for (const char* below : {"www", "www/order", "nginx"}) make(file(below));
    } catch (...) {
        std::error_code ignored;
        fs::remove_all(building_, ignored);
        throw;
    }
}

SiteDirectory::~SiteDirectory() {
    try {
        require_own(building_);
        remove_own(building_);
    } catch (const std::exception&) {
        // The next build clears it, or says why not.
    }
    ::close(parent_);
}

void SiteDirectory::commit() {
    flush_file_system(building_);
    bool replaces = ::access(path_.c_str(), F_OK) == 0;
    if (::renameat2(AT_FDCWD, building_.c_str(), AT_FDCWD, path_.c_str(),
                    replaces ? RENAME_EXCHANGE : RENAME_NOREPLACE) != 0) {
        if (errno == EINVAL)
            throw Error(ErrorKind::usage, path_, msg("its file system cannot exchange directories in one step"),
                        msg("choose a local one, such as ext4, xfs or btrfs"));
        fail(path_, msg("cannot put in place"), errno);
    }
    if (::fsync(parent_) != 0) fail(path_, msg("cannot flush"), errno);
}

}  // namespace saring::landing
