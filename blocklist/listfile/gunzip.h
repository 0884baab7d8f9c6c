// Decompresses gzip (RFC 1952, with zlib) as a stream. Concatenated members are one text.
#pragma once

#include <zlib.h>

#include <istream>
#include <memory>
#include <streambuf>
#include <vector>

#include "base/message.h"

namespace saring::listfile {

bool is_gzip(std::string_view beginning);

class Gunzip : public std::streambuf {
public:
    // `packed` is at the beginning of the gzip data; at most `max_bytes` are decompressed.
    Gunzip(std::istream& packed, std::uint64_t max_bytes);
    ~Gunzip() override;

    // Why the text ended early; empty after a regular end. A stream buffer cannot report it.
    const Message& fault() const { return fault_; }

protected:
    int_type underflow() override;

private:
    std::istream& packed_;
    std::uint64_t left_;
    z_stream zlib_{};
    std::vector<char> in_, out_;
    Message fault_;
    bool begun_ = false, done_ = false;
};

}  // namespace saring::listfile
