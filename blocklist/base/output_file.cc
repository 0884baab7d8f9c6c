#include "base/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/standard_output.h"

namespace saring {

constexpr std::size_t buffer_size = std::size_t{1} << 18;

OutputFile::OutputFile(const std::string& path, unsigned mode) : path_(path), mode_(mode) {
    if (path == "-") return;
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

}  // namespace saring
