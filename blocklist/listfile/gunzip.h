// The text that gzip packed (RFC 1952, by zlib), as a stream. Members joined to one file are one text.
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
    // `packed` stands at the beginning; at most `max_bytes` come out.
    Gunzip(std::istream& packed, std::uint64_t max_bytes);
    ~Gunzip() override;

    // Why the text ended, when that was not its end: a stream cannot say so.
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
