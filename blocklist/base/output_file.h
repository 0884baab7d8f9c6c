// A file written in parts and put in place as a whole: readers see the old file or the complete new one.
// "-" is standard output. Not thread-safe.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/message.h"

namespace saring {

class OutputFile {
public:
    // Throws Error(usage), as do write() and commit().
    explicit OutputFile(const std::string& path, unsigned mode = 0644);
    ~OutputFile();  // without commit(): removes the temporary file
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    void write(ByteView content);
    void commit();
    std::uint64_t bytes() const { return bytes_; }

private:
    void flush();
    [[noreturn]] void fail(const Message& doing) const;
    std::string path_, temporary_;
    unsigned mode_;
    int fd_ = -1;
    Bytes buffer_;
    std::uint64_t bytes_ = 0;
};

}  // namespace saring
