// zstd with reused contexts: making one costs more than packing a small frame. Not thread-safe.
#pragma once

#include <memory>

#include "base/bytes.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace saring::hitlog {

class Packer {
public:
    Packer();
    ~Packer();
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;
    // Appends the packed form to `out`; returns its size. Throws bad_alloc.
    std::size_t pack(ByteView plain, Bytes& out);

private:
    ZSTD_CCtx_s* context_;
};

class Unpacker {
public:
    Unpacker();
    ~Unpacker();
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;
    struct Plain {
        std::unique_ptr<char[]> memory;
        std::size_t size = 0;
        ByteView view() const { return {memory.get(), size}; }
    };
    // Throws Error(database) if `packed` is malformed or unpacks to more than 64 MiB.
    Plain unpack(ByteView packed);

private:
    ZSTD_DCtx_s* context_;
};

// A payload of two packed parts: the first one's size u32, then both.
Bytes two_parts(Packer& packer, ByteView first, ByteView second);
struct TwoParts {
    ByteView first, second;
};
TwoParts split_parts(ByteView payload);  // throws Error(database)

}  // namespace saring::hitlog
