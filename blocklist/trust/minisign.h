// Keys and detached signatures in minisign's file formats, with libsodium; interoperable with the `minisign` program.
//
// A signature file has four lines: an untrusted comment; the signature (algorithm "Ed" over the file itself, or "ED"
// over its BLAKE2b-512 hash); the trusted comment; a signature over the first signature and the trusted comment.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace saring::trust::minisign {

using KeyId = std::array<std::uint8_t, 8>;

// 16 upper-case hex digits; minisign omits leading zeros when it prints an id.
std::string to_string(const KeyId& id);

struct PublicKey {
    KeyId id{};
    std::array<std::uint8_t, 32> key{};

    // One base64 line ("RW..."), or a whole .pub file. Throws Error(trust).
    static PublicKey parse(std::string_view text, const std::string& source);
    std::string base64() const;
};

struct Signature {
    KeyId id{};
    bool prehashed = true;
    std::array<std::uint8_t, 64> signature{};
    std::string trusted_comment;
    std::array<std::uint8_t, 64> comment_signature{};

    // A whole .minisig file. Throws Error(trust) naming `source` and the line.
    static Signature parse(std::string_view text, const std::string& source);
    // Whether a file that begins like this is a signature, and no key.
    static bool is_one(std::string_view head);
    std::string format() const;
};

// Verifies both signatures, over the message and over the trusted comment. False when either is invalid or the key has
// another id.
bool verify(const PublicKey& key, const Signature& signature, ByteView message);

// Its memory is wiped by the destructor.
class SecretKey {
public:
    static SecretKey generate();
    // `password` may be empty for an unencrypted key. Throws Error(trust).
    static SecretKey parse(std::string_view file, const std::string& password, const std::string& source);
    static bool needs_password(std::string_view file, const std::string& source);

    ~SecretKey();
    SecretKey(const SecretKey&) = default;
    SecretKey& operator=(const SecretKey&) = default;

    // The file's content; with an empty password the key is not encrypted, as with `minisign -W`.
    std::string format(const std::string& password) const;
    PublicKey public_key() const;
    Signature sign(ByteView message, const std::string& trusted_comment) const;

private:
    SecretKey() = default;
    KeyId id_{};
    std::array<std::uint8_t, 64> key_{};  // Ed25519 seed and public key
};

}  // namespace saring::trust::minisign
