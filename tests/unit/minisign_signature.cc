// Detached signatures of both minisign kinds, and alterations by an attacker.
#include <sodium.h>

#include <algorithm>

#include "support.h"
#include "trust/minisign.h"

namespace saring::test::minisign_signature_test {
namespace {

using trust::minisign::SecretKey;
using trust::minisign::Signature;

// A signature over the message itself, as by old minisign versions. Our tool only makes prehashed ones, so this is
// built from the file format with libsodium alone.
struct Legacy {
    std::array<std::uint8_t, 32> public_key{};
    std::array<std::uint8_t, 64> secret_key{};
    trust::minisign::KeyId id{1, 2, 3, 4, 5, 6, 7, 8};

    Legacy() { crypto_sign_keypair(public_key.data(), secret_key.data()); }
    trust::minisign::PublicKey key() const {
        trust::minisign::PublicKey out;
        out.id = id;
        out.key = public_key;
        return out;
    }
    static std::string base64(const Bytes& raw) {
        std::string out(sodium_base64_encoded_len(raw.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
        sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(raw.data()), raw.size(),
                          sodium_base64_VARIANT_ORIGINAL);
        out.pop_back();
        return out;
    }
    Bytes raw_sign(const Bytes& message) const {
        Bytes out(64, '\0');
        crypto_sign_detached(reinterpret_cast<unsigned char*>(out.data()), nullptr,
                             reinterpret_cast<const unsigned char*>(message.data()), message.size(), secret_key.data());
        return out;
    }
    std::string file(const Bytes& message, const std::string& comment, const char* algorithm = "Ed") const {
        Bytes signature = raw_sign(message);
        return "untrusted comment: whatever\n" + base64(algorithm + Bytes(id.begin(), id.end()) + signature) +
               "\ntrusted comment: " + comment + "\n" + base64(raw_sign(signature + comment)) + "\n";
    }
};

struct Signed {
    SecretKey key = SecretKey::generate();
    Bytes message = "an order";
    Signature signature = key.sign(message, "timestamp:1 file:order.json");
    bool holds() const { return trust::minisign::verify(key.public_key(), signature, message); }
};

}  // namespace

TEST_CASE("A signature is valid for the signed bytes") {
    Signed s;
    CHECK(s.holds());
    CHECK(s.signature.prehashed);
}

TEST_CASE("A signature over an empty document is valid") {
    auto key = SecretKey::generate();
    CHECK(trust::minisign::verify(key.public_key(), key.sign("", "c"), ""));
}

TEST_CASE("A signature survives its file") {
    Signed s;
    s.signature = Signature::parse(s.signature.format(), "f");
    CHECK(s.holds());
    CHECK(s.signature.trusted_comment == "timestamp:1 file:order.json");
}

TEST_CASE("A signature file with CRLF line ends is valid") {
    Signed s;
    std::string text;
    for (char c : s.signature.format()) text += c == '\n' ? "\r\n" : std::string(1, c);
    s.signature = Signature::parse(text, "f");
    CHECK(s.holds());
}

TEST_CASE("A changed byte anywhere in the document invalidates the signature") {
    Signed s;
    for (std::size_t i = 0; i < s.message.size(); ++i) {
        auto altered = s.message;
        altered[i] ^= 1;
        CHECK_FALSE(trust::minisign::verify(s.key.public_key(), s.signature, altered));
    }
    CHECK_FALSE(trust::minisign::verify(s.key.public_key(), s.signature, s.message + " "));
    CHECK_FALSE(trust::minisign::verify(s.key.public_key(), s.signature, s.message.substr(1)));
}

TEST_CASE("A changed bit anywhere in the signature invalidates it") {
    Signed s;
    for (std::size_t i = 0; i < 64; ++i) {
        Signed altered = s;
        altered.signature.signature[i] ^= 1;
        CHECK_FALSE(altered.holds());
        altered = s;
        altered.signature.comment_signature[i] ^= 0x80;
        CHECK_FALSE(altered.holds());
    }
}

TEST_CASE("A changed trusted comment invalidates the signature") {
    Signed s;
    s.signature.trusted_comment += "!";
    CHECK_FALSE(s.holds());
    s.signature.trusted_comment = "";
    CHECK_FALSE(s.holds());
}

TEST_CASE("A trusted comment is not valid with another signature of the same key") {
    Signed s;
    auto other = s.key.sign("another order", "another comment");
    s.signature.trusted_comment = other.trusted_comment;
    s.signature.comment_signature = other.comment_signature;
    CHECK_FALSE(s.holds());
}

TEST_CASE("A signature is invalid with another key or key id") {
    Signed s;
    CHECK_FALSE(trust::minisign::verify(SecretKey::generate().public_key(), s.signature, s.message));
    auto renamed = s.key.public_key();
    renamed.id[0] ^= 1;
    CHECK_FALSE(trust::minisign::verify(renamed, s.signature, s.message));
    s.signature.id[7] ^= 1;
    CHECK_FALSE(s.holds());
}

TEST_CASE("A legacy signature over the document itself is valid") {
    Legacy legacy;
    auto s = Signature::parse(legacy.file("an order", "old"), "f");
    CHECK_FALSE(s.prehashed);
    CHECK(trust::minisign::verify(legacy.key(), s, "an order"));
    CHECK_FALSE(trust::minisign::verify(legacy.key(), s, "another order"));
    s = Signature::parse(s.format(), "f");
    CHECK(trust::minisign::verify(legacy.key(), s, "an order"));
}

TEST_CASE("A legacy signature is invalid as a prehashed one, and vice versa") {
    Legacy legacy;
    CHECK_FALSE(
        trust::minisign::verify(legacy.key(), Signature::parse(legacy.file("an order", "old", "ED"), "f"), "an order"));
    Signed s;
    s.signature.prehashed = false;
    CHECK_FALSE(s.holds());
}

TEST_CASE("A file that is not a signature is refused by name") {
    Legacy legacy;
    auto good = legacy.file("m", "c");
    auto refused = [&](const std::string& text, const std::string& why) {
        INFO(text);
        require_error(ErrorKind::trust, [&] { Signature::parse(text, "order.minisig"); }, {"order.minisig", why});
    };
    refused("", "four lines");
    refused("hello", "four lines");
    refused(good + "one more\n", "four lines");
    refused(good.substr(0, good.find("trusted comment: c")), "four lines");
    refused("x" + good, "four lines");
    refused(legacy.file("m", std::string(9000, 'c')), "too long");
    refused(legacy.file("m", "c", "Xx"), "of another kind");
    auto lines = good;
    lines.insert(lines.find('\n') + 1, "!");
    refused(lines, "line 2");
    lines = good;
    lines.erase(lines.size() - 5, 4);
    refused(lines, "line 4");
}

TEST_CASE("A signature file truncated or altered anywhere is refused or invalid") {
    Signed s;
    auto text = s.signature.format();
    auto comment_end = text.find('\n');
    Random random(50);
    auto check = [&](const std::string& altered) {
        auto e = error_of([&] {
            s.signature = Signature::parse(altered, "f");
            // The altered character must not decode to the same bits.
            if (s.holds()) FAIL(altered);
        });
        if (e && e->kind() != ErrorKind::trust) FAIL(e->what());
    };
    for (std::size_t n = 0; n + 1 < text.size(); ++n) check(text.substr(0, n));
    for (int round = 0; round < 1000; ++round) {
        auto altered = text;
        auto i = random.between(comment_end + 1, text.size() - 2);
        altered[i] = static_cast<char>(altered[i] ^ (1 << random.below(7)));
        check(altered);
    }
}

TEST_CASE("A trusted comment with several lines is not signed") {
    auto key = SecretKey::generate();
    require_error(ErrorKind::usage, [&] { key.sign("m", "a\nb"); }, {"line break"});
    require_error(ErrorKind::usage, [&] { key.sign("m", std::string(9000, 'c')); }, {"8 KiB"});
}

}  // namespace saring::test::minisign_signature_test
