// Key files in minisign's format.
#include <sodium.h>

#include <algorithm>

#include "support.h"
#include "trust/minisign.h"

namespace saring::test::minisign_keys_test {
namespace {

using trust::minisign::PublicKey;
using trust::minisign::SecretKey;

Bytes unbase64(const std::string& text) {
    Bytes out(text.size(), '\0');
    std::size_t n = 0;
    REQUIRE(sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(),
                              nullptr, &n, nullptr, sodium_base64_VARIANT_ORIGINAL) == 0);
    out.resize(n);
    return out;
}

std::string base64(const Bytes& raw) {
    std::string out(sodium_base64_encoded_len(raw.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(raw.data()), raw.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    out.pop_back();
    return out;
}

// The second line of a key file, and the file made of an altered one.
std::string second_line(const std::string& file) {
    auto begin = file.find('\n') + 1;
    return file.substr(begin, file.find('\n', begin) - begin);
}
std::string key_file(const Bytes& raw) { return "untrusted comment: k\n" + base64(raw) + "\n"; }

// Encrypts an unencrypted key file at scrypt's lowest cost. The cost is stored in the file; minisign's own would take
// seconds and a gigabyte for each test.
std::string encrypted_cheaply(const SecretKey& key, const std::string& password) {
    Bytes raw = unbase64(second_line(key.format("")));
    raw[2] = 'S';
    raw[3] = 'c';
    std::uint64_t ops = 32768, mem = 16u << 20;
    for (std::size_t i = 0; i < 8; ++i) {
        raw[38 + i] = static_cast<char>(ops >> 8 * i);
        raw[46 + i] = static_cast<char>(mem >> 8 * i);
    }
    std::array<unsigned char, 104> stream;
    REQUIRE(crypto_pwhash_scryptsalsa208sha256(stream.data(), stream.size(), password.data(), password.size(),
                                               reinterpret_cast<const unsigned char*>(raw.data()) + 6, ops, mem) == 0);
    for (std::size_t i = 0; i < stream.size(); ++i) raw[54 + i] = static_cast<char>(raw[54 + i] ^ stream[i]);
    return key_file(raw);
}

bool same(const SecretKey& a, const SecretKey& b) {
    return trust::minisign::verify(a.public_key(), b.sign("m", "c"), "m");
}

}  // namespace

TEST_CASE("A key id is printed like minisign prints it") {
    CHECK(trust::minisign::to_string(trust::minisign::KeyId{0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01}) ==
          "0123456789ABCDEF");
}

TEST_CASE("A public key is read from its line alone and from its file") {
    auto key = SecretKey::generate().public_key();
    CHECK(key.base64().substr(0, 2) == "RW");
    for (const auto& text :
         {key.base64(), key.base64() + "\n", "untrusted comment: minisign public key\r\n" + key.base64() + "\r\n"}) {
        auto again = PublicKey::parse(text, "f");
        CHECK(again.id == key.id);
        CHECK(again.key == key.key);
    }
}

TEST_CASE("An invalid public key is refused by name") {
    auto key = SecretKey::generate().public_key();
    Bytes raw = unbase64(key.base64());
    raw[0] = 'X';
    for (const auto& text :
         {std::string(), std::string("RW"), key.base64().substr(1), key.base64() + "A",
          key.base64() + "\n" + key.base64(), base64(raw), std::string("untrusted comment: only\n")}) {
        INFO(text);
        require_error(ErrorKind::trust, [&] { PublicKey::parse(text, "saring.pub"); }, {"saring.pub"});
    }
}

TEST_CASE("Two generated keys differ in id and key") {
    auto a = SecretKey::generate().public_key(), b = SecretKey::generate().public_key();
    CHECK(a.id != b.id);
    CHECK(a.key != b.key);
}

TEST_CASE("A secret key without a password survives its file") {
    auto key = SecretKey::generate();
    auto file = key.format("");
    CHECK_FALSE(SecretKey::needs_password(file, "f"));
    CHECK(same(SecretKey::parse(file, "", "f"), key));
}

TEST_CASE("An unencrypted key with minisign's zero checksum is read") {
    auto key = SecretKey::generate();
    Bytes raw = unbase64(second_line(key.format("")));
    std::fill(raw.begin() + 126, raw.end(), '\0');
    CHECK(same(SecretKey::parse(key_file(raw), "", "f"), key));
}

TEST_CASE("A damaged unencrypted key is refused") {
    Bytes raw = unbase64(second_line(SecretKey::generate().format("")));
    for (std::size_t at : {54, 62, 100, 126, 157}) {
        INFO(at);
        auto altered = raw;
        altered[at] ^= 1;
        require_error(ErrorKind::trust, [&] { SecretKey::parse(key_file(altered), "", "my.key"); },
                      {"my.key", "damaged"});
    }
}

TEST_CASE("An invalid secret key file is refused by name") {
    auto file = SecretKey::generate().format("");
    Bytes raw = unbase64(second_line(file));
    auto with = [&](std::size_t at, char c) {
        auto altered = raw;
        altered[at] = c;
        return key_file(altered);
    };
    for (const auto& text : {std::string(), std::string("untrusted comment: k\n"), second_line(file),
                             key_file(raw.substr(1)), key_file(raw + "x"), with(0, 'X'), with(4, 'X'), with(2, 'X')}) {
        INFO(text);
        require_error(ErrorKind::trust, [&] { SecretKey::parse(text, "", "my.key"); }, {"my.key"});
    }
}

TEST_CASE("An encrypted key can be decrypted with its password only") {
    auto key = SecretKey::generate();
    auto file = encrypted_cheaply(key, "rahasia");
    CHECK(SecretKey::needs_password(file, "f"));
    CHECK(same(SecretKey::parse(file, "rahasia", "f"), key));
    for (const char* wrong : {"", "Rahasia", "rahasia "}) {
        INFO(wrong);
        require_error(ErrorKind::trust, [&] { SecretKey::parse(file, wrong, "my.key"); },
                      {"my.key", "password is wrong"});
    }
}

TEST_CASE("A key with higher memory or work limits than minisign uses is refused") {
    for (std::size_t at : {46 + 5, 38 + 5}) {  // a terabyte; some years
        Bytes raw = unbase64(second_line(encrypted_cheaply(SecretKey::generate(), "p")));
        raw[at] = 1;
        require_error(ErrorKind::trust, [&] { SecretKey::parse(key_file(raw), "p", "my.key"); },
                      {"my.key", "than minisign ever uses"});
    }
}

// The only test at the real cost: a gigabyte of memory and several seconds.
TEST_CASE("A key that we encrypt can be decrypted with its password") {
    auto key = SecretKey::generate();
    auto file = key.format("rahasia");
    CHECK(SecretKey::needs_password(file, "f"));
    CHECK(same(SecretKey::parse(file, "rahasia", "f"), key));
}

}  // namespace saring::test::minisign_keys_test
