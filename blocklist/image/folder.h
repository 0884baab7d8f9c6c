// The image folder and its files as the operating system has them.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace saring::image {

// Closed when it goes.
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

// All of it. 0, or errno's number.
int write_all(int fd, ByteView bytes) noexcept;

struct OpenFile {
    Descriptor fd;
    std::string name;
    std::uint64_t size;
    // Exactly so many bytes more. Throws Refusal: unreadable, or mismatch when the file ends before.
    void read(char* to, std::size_t bytes);
};
// A regular file: a FIFO or a device is refused and never waited for. Throws Refusal(absent) or (unreadable).
OpenFile open_file(int folder, const std::string& name);

}  // namespace saring::image
