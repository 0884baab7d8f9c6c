// A file written in parts and put in place as a whole: readers see the old file or the complete new one.
// "-" is standard output. Not thread-safe.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/message.h"

namespace saring {

// Whether a file that begins like this is an earlier output of the same command, which a new one may replace.
using IsEarlierOutput = bool (*)(ByteView head);

// For the path of an option such as --output: returns it. Throws Error(usage) if it names anything but a file, or one
// that is neither empty nor an earlier output: by a mistaken path a key or an order would be lost. A symbolic link is
// replaced, not its target: in a shared folder it may be somebody else's.
std::string output_path(const std::string& path, IsEarlierOutput is_earlier);

class OutputFile {
public:
    // A file that is replaced keeps its mode. Throws Error(usage), as do write() and commit().
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

// A whole output at output_path().
void replace_output(const std::string& path, ByteView content, IsEarlierOutput is_earlier);

}  // namespace saring
