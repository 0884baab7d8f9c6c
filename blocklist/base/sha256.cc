#include "base/sha256.h"

#include <sodium.h>

namespace saring {

std::string sha256_hex(ByteView content) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(content.data()), content.size());
    char hex[2 * sizeof hash + 1];
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return hex;
}

std::string sha256_base64(ByteView content) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(content.data()), content.size());
    char text[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_ORIGINAL)];
    sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    return text;
}

bool is_sha256_hex(std::string_view text) {
    return text.size() == 2 * crypto_hash_sha256_BYTES &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace saring
