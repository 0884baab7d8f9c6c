// System calls on the image folder and its files.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace saring::image {

// Owns a file descriptor.
class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    Descriptor& operator=(Descriptor&&) = delete;
    int get() const { return fd_; }

private:
    int fd_;
};

// Throws Refusal(absent) or (unreadable).
Descriptor open_folder(const std::string& path);

// Writes all bytes. Returns 0 or errno.
int write_all(int fd, ByteView bytes) noexcept;

struct OpenFile {
    Descriptor fd;
    std::string name;
    std::uint64_t size;
    // Reads exactly `bytes` bytes. Throws Refusal: unreadable, or mismatch at an earlier end of the file.
    void read(char* to, std::size_t bytes);
};
// Opens a regular file; never waits at a FIFO or a device, which it refuses. Throws Refusal(absent) or (unreadable).
OpenFile open_file(int folder, const std::string& name);

}  // namespace saring::image
