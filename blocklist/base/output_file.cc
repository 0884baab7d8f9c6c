#include "base/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/file.h"
#include "base/standard_output.h"

namespace saring {

constexpr std::size_t buffer_size = std::size_t{1} << 18, head_size = 4096;

std::string output_path(const std::string& path, IsEarlierOutput is_earlier) {
    struct stat info {};
    if (path == "-" || ::stat(path.c_str(), &info) != 0) return path;
    if (!S_ISREG(info.st_mode)) throw Error(ErrorKind::usage, path, msg("is not a file"), msg("name a file to write"));
    struct stat link {};
    bool is_link = ::lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode);
    if (!is_link && info.st_size > 0 && !is_earlier(read_head(path, head_size)))
        throw Error(ErrorKind::usage, path, msg("exists already, and is not what this command writes"),
                    msg("choose another name, or move it away first"));
    return path;
}

OutputFile::OutputFile(const std::string& path, unsigned mode) : path_(path), mode_(mode) {
    if (path == "-") return;
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0) mode_ = info.st_mode & 07777;
    temporary_ = path + ".XXXXXX";
    fd_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
    if (fd_ < 0) fail(msg("cannot create a temporary file in the same folder"));
}

OutputFile::~OutputFile() {
    if (temporary_.empty()) return;
    ::close(fd_);
    ::unlink(temporary_.c_str());
}

void OutputFile::fail(const Message& doing) const {
    throw Error(ErrorKind::usage, path_, doing + ": " + std::strerror(errno),
                msg("check the path, its permissions and its disk"));
}

void OutputFile::write(ByteView content) {
    bytes_ += content.size();
    if (temporary_.empty()) return standard_output::write(content);
    buffer_.append(content);
    if (buffer_.size() >= buffer_size) flush();
}

void OutputFile::flush() {
    for (ByteView remaining = buffer_; !remaining.empty();) {
        ssize_t n = ::write(fd_, remaining.data(), remaining.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail(msg("cannot write"));
        remaining.remove_prefix(static_cast<std::size_t>(n));
    }
    buffer_.clear();
}

void OutputFile::commit() {
    if (temporary_.empty()) return standard_output::flush();
    flush();
    if (::fchmod(fd_, mode_) != 0 || ::fsync(fd_) != 0) fail(msg("cannot flush"));
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(msg("cannot rename into place"));
    ::close(fd_);
    temporary_.clear();
}

void replace_output(const std::string& path, ByteView content, IsEarlierOutput is_earlier) {
    OutputFile file(output_path(path, is_earlier));
    file.write(content);
    file.commit();
}

}  // namespace saring
