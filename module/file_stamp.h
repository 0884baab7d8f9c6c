// Detects that a file changed: inode, size and modification time of the file at a path.
#pragma once

#include <sys/stat.h>

#include <string>

namespace saring {

// "-": no file, or an empty path.
inline std::string file_stamp(const std::string& path) {
    struct stat s {};
    if (path.empty() || ::stat(path.c_str(), &s) != 0) return "-";
    return std::to_string(s.st_ino) + ":" + std::to_string(s.st_size) + ":" + std::to_string(s.st_mtim.tv_sec) + "." +
           std::to_string(s.st_mtim.tv_nsec);
}

}  // namespace saring
