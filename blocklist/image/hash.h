// BLAKE2b-256 (RFC 7693), incremental.
#pragma once

#include <sodium.h>

#include "image/format.h"

namespace saring::image {

class Hasher {
public:
    Hasher() { crypto_generichash_init(&state_, nullptr, 0, std::tuple_size_v<Hash>); }
    void add(ByteView bytes) {
        crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    }
    Hash finish() {
        Hash out;
        crypto_generichash_final(&state_, out.data(), out.size());
        return out;
    }

private:
    crypto_generichash_state state_;
};

}  // namespace saring::image
