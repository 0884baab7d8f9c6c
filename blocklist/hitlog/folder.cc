#include "hitlog/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <random>
#include <tuple>

namespace saring::hitlog {

bool folder_exists(const std::string& folder) {
    struct stat s {};
    return ::stat(folder.c_str(), &s) == 0 && S_ISDIR(s.st_mode);
}

std::vector<SegmentFile> segment_files(const std::string& folder) {
    std::vector<SegmentFile> out;
    std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(folder.c_str()), ::closedir);
    if (!dir) {
        if (errno == ENOENT) return out;
        throw Error(ErrorKind::database, folder, msg("cannot read: %1", std::strerror(errno)),
                    msg("check hits.path and its permissions"));
    }
    while (const dirent* entry = ::readdir(dir.get())) {
        auto name = parse_segment_name(entry->d_name);
        struct stat s {};
        if (!name || ::fstatat(::dirfd(dir.get()), entry->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(s.st_mode))
            continue;
        out.push_back({entry->d_name, *name, s.st_ino, static_cast<std::uint64_t>(s.st_size), s.st_mtim.tv_sec});
    }
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
        return std::tie(a.name.begun, a.name.id) < std::tie(b.name.begun, b.name.id);
    });
    return out;
}

std::string rotation_request_path(const std::string& folder) { return folder + "/rotate"; }

std::string rotation_request(const std::string& folder) {
    struct stat s {};
    if (::stat(rotation_request_path(folder).c_str(), &s) != 0) return {};
    return std::to_string(s.st_ino) + " " + std::to_string(s.st_mtim.tv_sec) + " " + std::to_string(s.st_mtim.tv_nsec);
}

RunId new_run_id() {
    RunId out = 0;
    if (::getrandom(&out, sizeof out, 0) != static_cast<ssize_t>(sizeof out)) {
        std::random_device device;
        out = RunId{device()} << 32 | device();
    }
    return out;
}

}  // namespace saring::hitlog
