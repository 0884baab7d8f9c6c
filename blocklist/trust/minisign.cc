#include "trust/minisign.h"

#include <sodium.h>

#include <algorithm>
#include <vector>

namespace saring::trust::minisign {
namespace {

constexpr std::string_view untrusted_prefix = "untrusted comment: ";
constexpr std::string_view trusted_prefix = "trusted comment: ";
constexpr std::size_t max_comment = 8192;

void ready() {
    static const bool ok = sodium_init() >= 0;
    if (!ok) throw Error(ErrorKind::trust, "libsodium", msg("could not start"), msg("reinstall libsodium23"));
}

Error bad(const std::string& source, const Message& why, const Message& remedy) {
    return {ErrorKind::trust, source, why, remedy};
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        lines.push_back(line);
    }
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
}

template <std::size_t N>
std::array<std::uint8_t, N> decode(std::string_view line, const std::string& source, const char* what) {
    std::array<std::uint8_t, N> out;
    std::size_t size = 0;
    if (sodium_base642bin(out.data(), N, line.data(), line.size(), nullptr, &size, nullptr,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        size != N)
        throw bad(source, msg("its %1 is not %2 bytes of base64", msg(what), N),
                  msg("get the file again from its author"));
    return out;
}

std::string encode(const std::uint8_t* bytes, std::size_t size) {
    std::string out(sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), bytes, size, sodium_base64_VARIANT_ORIGINAL);
    out.resize(out.size() - 1);  // without the terminating zero
    return out;
}

const std::uint8_t* octets(ByteView v) { return reinterpret_cast<const std::uint8_t*>(v.data()); }

// Secret key file, in bytes: algorithm 2, KDF 2, checksum algorithm 2, salt 32, opslimit 8, memlimit 8; then, xored
// with the KDF's output: key id 8, key 64, checksum 32.
constexpr std::size_t salt_at = 6, ops_at = 38, mem_at = 46, stream_at = 54, id_at = 54, key_at = 62, sum_at = 126;
constexpr std::size_t secret_size = 158, stream_size = secret_size - stream_at;
using SecretFile = std::array<std::uint8_t, secret_size>;

SecretFile decode_secret(std::string_view file, const std::string& source) {
    auto lines = lines_of(file);
    if (lines.size() < 2 || lines[0].substr(0, untrusted_prefix.size()) != untrusted_prefix)
        throw bad(source, msg("is not a minisign secret key"), msg("make one with: blocklist-tool key generate"));
    auto raw = decode<secret_size>(lines[1], source, marked("key"));
    if (raw[0] != 'E' || raw[1] != 'd' || raw[4] != 'B' || raw[5] != '2')
        throw bad(source, msg("is a secret key of another kind"), msg("use an Ed25519 key as minisign makes it"));
    return raw;
}

void checksum(const SecretFile& raw, std::uint8_t out[32]) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, 32);
    crypto_generichash_update(&state, raw.data(), 2);
    crypto_generichash_update(&state, raw.data() + id_at, sum_at - id_at);
    crypto_generichash_final(&state, out, 32);
}

std::uint64_t le64(const std::uint8_t* p) {
    std::uint64_t v = 0;
    for (int i = 7; i >= 0; --i) v = v << 8 | p[i];
    return v;
}
void put_le64(std::uint8_t* p, std::uint64_t v) {
    for (int i = 0; i < 8; ++i) p[i] = static_cast<std::uint8_t>(v >> 8 * i);
}

void apply_stream(SecretFile& raw, const std::string& password, const std::string& source) {
    std::uint64_t ops = le64(raw.data() + ops_at), mem = le64(raw.data() + mem_at);
    // minisign never uses higher limits; a forged file must not keep the machine busy for days.
    if (ops > crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_SENSITIVE ||
        mem > crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_SENSITIVE)
        throw bad(source, msg("needs more work or memory to decrypt than minisign ever uses"),
                  msg("check where the file comes from"));
    std::array<std::uint8_t, stream_size> stream;
    if (crypto_pwhash_scryptsalsa208sha256(stream.data(), stream.size(), password.data(), password.size(),
                                           raw.data() + salt_at, ops, static_cast<std::size_t>(mem)) != 0)
        throw bad(source, msg("there is not enough memory to open it"), msg("free about %1 MiB", mem >> 20));
    for (std::size_t i = 0; i < stream_size; ++i) raw[stream_at + i] ^= stream[i];
    sodium_memzero(stream.data(), stream.size());
}

Bytes message_to_sign(ByteView message, bool prehashed) {
    if (!prehashed) return Bytes(message);
    Bytes hash(crypto_generichash_BYTES_MAX, '\0');
    crypto_generichash(reinterpret_cast<std::uint8_t*>(hash.data()), hash.size(), octets(message), message.size(),
                       nullptr, 0);
    return hash;
}

}  // namespace

std::string to_string(const KeyId& id) {
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string out;
    for (auto i = id.rbegin(); i != id.rend(); ++i) {  // minisign prints the id as a little-endian number
        out.push_back(hex[*i >> 4]);
        out.push_back(hex[*i & 15]);
    }
    return out;
}

PublicKey PublicKey::parse(std::string_view text, const std::string& source) {
    ready();
    auto lines = lines_of(text);
    if (!lines.empty() && lines[0].substr(0, untrusted_prefix.size()) == untrusted_prefix) lines.erase(lines.begin());
    if (lines.size() != 1)
        throw bad(source, msg("is not one minisign public key"), msg("give the line that begins with RW"));
    auto raw = decode<42>(lines[0], source, marked("public key"));
    if (raw[0] != 'E' || raw[1] != 'd')
        throw bad(source, msg("is a public key of another kind"), msg("use an Ed25519 key as minisign makes it"));
    PublicKey out;
    std::copy_n(raw.begin() + 2, 8, out.id.begin());
    std::copy_n(raw.begin() + 10, 32, out.key.begin());
    return out;
}

std::string PublicKey::base64() const {
    std::array<std::uint8_t, 42> raw{'E', 'd'};
    std::copy(id.begin(), id.end(), raw.begin() + 2);
    std::copy(key.begin(), key.end(), raw.begin() + 10);
    return encode(raw.data(), raw.size());
}

Signature Signature::parse(std::string_view text, const std::string& source) {
    ready();
    auto lines = lines_of(text);
    if (lines.size() != 4 || lines[0].substr(0, untrusted_prefix.size()) != untrusted_prefix ||
        lines[2].substr(0, trusted_prefix.size()) != trusted_prefix)
        throw bad(source, msg("is not a minisign signature: it needs its four lines"),
                  msg("sign again with: blocklist-tool order sign"));
    if (lines[2].size() > max_comment)
        throw bad(source, msg("line 3: the trusted comment is too long"), msg("keep it below 8 KiB"));
    auto raw = decode<74>(lines[1], source, marked("line 2 (the signature)"));
    Signature out;
    if (raw[0] != 'E' || (raw[1] != 'd' && raw[1] != 'D'))
        throw bad(source, msg("line 2: the signature is of another kind"),
                  msg("use an Ed25519 key as minisign makes it"));
    out.prehashed = raw[1] == 'D';
    std::copy_n(raw.begin() + 2, 8, out.id.begin());
    std::copy_n(raw.begin() + 10, 64, out.signature.begin());
    out.trusted_comment = lines[2].substr(trusted_prefix.size());
    out.comment_signature = decode<64>(lines[3], source, marked("line 4 (the comment's signature)"));
    return out;
}

bool Signature::is_one(std::string_view head) {
    return head.starts_with(untrusted_prefix) &&
           head.find("\n" + std::string(trusted_prefix)) != std::string_view::npos;
}

std::string Signature::format() const {
    std::array<std::uint8_t, 74> raw{'E', static_cast<std::uint8_t>(prehashed ? 'D' : 'd')};
    std::copy(id.begin(), id.end(), raw.begin() + 2);
    std::copy(signature.begin(), signature.end(), raw.begin() + 10);
    return std::string(untrusted_prefix) + "signature from saring secret key " + to_string(id) + "\n" +
           encode(raw.data(), raw.size()) + "\n" + std::string(trusted_prefix) + trusted_comment + "\n" +
           encode(comment_signature.data(), comment_signature.size()) + "\n";
}

bool verify(const PublicKey& key, const Signature& s, ByteView message) {
    ready();
    if (sodium_memcmp(key.id.data(), s.id.data(), key.id.size()) != 0) return false;
    Bytes signed_bytes = message_to_sign(message, s.prehashed);
    if (crypto_sign_verify_detached(s.signature.data(), octets(signed_bytes), signed_bytes.size(), key.key.data()) != 0)
        return false;
    Bytes global(reinterpret_cast<const char*>(s.signature.data()), s.signature.size());
    global += s.trusted_comment;
    return crypto_sign_verify_detached(s.comment_signature.data(), octets(global), global.size(), key.key.data()) == 0;
}

SecretKey::~SecretKey() { sodium_memzero(key_.data(), key_.size()); }

SecretKey SecretKey::generate() {
    ready();
    SecretKey out;
    std::array<std::uint8_t, 32> public_half;
    crypto_sign_keypair(public_half.data(), out.key_.data());
    randombytes_buf(out.id_.data(), out.id_.size());
    return out;
}

bool SecretKey::needs_password(std::string_view file, const std::string& source) {
    ready();
    auto raw = decode_secret(file, source);
    return raw[2] != 0 || raw[3] != 0;
}

SecretKey SecretKey::parse(std::string_view file, const std::string& password, const std::string& source) {
    ready();
    auto raw = decode_secret(file, source);
    bool encrypted = raw[2] != 0 || raw[3] != 0;
    if (encrypted && (raw[2] != 'S' || raw[3] != 'c'))
        throw bad(source, msg("is encrypted in a way this version does not know"),
                  msg("use a key as minisign makes it"));
    if (encrypted) apply_stream(raw, password, source);
    std::uint8_t sum[32];
    checksum(raw, sum);
    // `minisign -W` leaves the checksum of an unencrypted key zero.
    bool sum_absent = !encrypted && std::all_of(raw.begin() + sum_at, raw.end(), [](auto b) { return b == 0; });
    if (!sum_absent && sodium_memcmp(sum, raw.data() + sum_at, sizeof sum) != 0)
        throw bad(source, encrypted ? msg("the password is wrong") : msg("the key is damaged"),
                  encrypted ? msg("try again") : msg("use a backup of it"));
    SecretKey out;
    std::copy_n(raw.begin() + id_at, 8, out.id_.begin());
    std::copy_n(raw.begin() + key_at, 64, out.key_.begin());
    sodium_memzero(raw.data(), raw.size());
    return out;
}

std::string SecretKey::format(const std::string& password) const {
    ready();
    SecretFile raw{};
    raw[0] = 'E', raw[1] = 'd', raw[4] = 'B', raw[5] = '2';
    std::copy(id_.begin(), id_.end(), raw.begin() + id_at);
    std::copy(key_.begin(), key_.end(), raw.begin() + key_at);
    checksum(raw, raw.data() + sum_at);
    if (!password.empty()) {
        raw[2] = 'S', raw[3] = 'c';
        randombytes_buf(raw.data() + salt_at, 32);
        put_le64(raw.data() + ops_at, crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_SENSITIVE);
        put_le64(raw.data() + mem_at, crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_SENSITIVE);
        apply_stream(raw, password, "secret key");
    }
    std::string out = std::string(untrusted_prefix) +
                      (password.empty() ? "saring secret key\n" : "saring encrypted secret key\n") +
                      encode(raw.data(), raw.size()) + "\n";
    sodium_memzero(raw.data(), raw.size());
    return out;
}

PublicKey SecretKey::public_key() const {
    PublicKey out;
    out.id = id_;
    std::copy_n(key_.begin() + 32, 32, out.key.begin());
    return out;
}

Signature SecretKey::sign(ByteView message, const std::string& trusted_comment) const {
    ready();
    if (trusted_comment.find_first_of("\r\n") != std::string::npos ||
        trusted_comment.size() > max_comment - trusted_prefix.size())
        throw Error(ErrorKind::usage, msg("trusted comment"), msg("has a line break or is longer than 8 KiB"),
                    msg("write one short line"));
    Signature out;
    out.id = id_;
    out.trusted_comment = trusted_comment;
    Bytes to_sign = message_to_sign(message, true);
    crypto_sign_detached(out.signature.data(), nullptr, octets(to_sign), to_sign.size(), key_.data());
    Bytes global(reinterpret_cast<const char*>(out.signature.data()), out.signature.size());
    global += trusted_comment;
    crypto_sign_detached(out.comment_signature.data(), nullptr, octets(global), global.size(), key_.data());
    return out;
}

}  // namespace saring::trust::minisign
