// Byte strings, and the little-endian, length-checked encoding of every stored value. ByteReader trusts no length: a
// read past the end throws Error(database).
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/error.h"

namespace saring {

using Bytes = std::string;          // owned bytes, not text
using ByteView = std::string_view;  // borrowed bytes

// Length of the longest common prefix, in bytes.
inline std::size_t common_size(ByteView a, ByteView b) {
    return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

class ByteWriter {
public:
    template <typename T>
    void integer(T value) {
        static_assert(std::is_integral_v<T>);
        using U = std::make_unsigned_t<T>;
        auto bits = static_cast<U>(value);
        for (std::size_t i = 0; i < sizeof(T); ++i)
            out_.push_back(static_cast<char>((static_cast<std::uint64_t>(bits) >> (8 * i)) & 0xff));
    }
    void bytes(ByteView v) {
        integer(static_cast<std::uint32_t>(v.size()));
        out_.append(v);
    }
    void raw(ByteView v) { out_.append(v); }  // without a length
    // LEB128: seven bits a byte, least significant first; values below 128 take one byte.
    void varint(std::uint64_t v) {
        for (; v >= 0x80; v >>= 7) out_.push_back(static_cast<char>(v | 0x80));
        out_.push_back(static_cast<char>(v));
    }
    // Zigzag, then varint: small differences of either sign take one byte.
    void zigzag(std::int64_t v) { varint(static_cast<std::uint64_t>(v) << 1 ^ static_cast<std::uint64_t>(v >> 63)); }
    Bytes take() { return std::move(out_); }
    std::size_t size() const { return out_.size(); }

private:
    Bytes out_;
};

class ByteReader {
public:
    // `what` names the value in the error, e.g. "order record 7".
    ByteReader(ByteView in, const char* what) : in_(in), what_(what) {}

    template <typename T>
    T integer() {
        static_assert(std::is_integral_v<T>);
        need(sizeof(T));
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i)
            bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(in_[i])) << (8 * i);
        in_.remove_prefix(sizeof(T));
        return static_cast<T>(bits);
    }
    ByteView bytes() {
        auto size = integer<std::uint32_t>();
        need(size);
        ByteView v = in_.substr(0, size);
        in_.remove_prefix(size);
        return v;
    }
    std::uint64_t varint() {
        std::uint64_t v = 0;
        for (unsigned shift = 0;; shift += 7) {
            auto octet = integer<std::uint8_t>();
            if (shift == 63 && octet > 1) corrupt(msg("has a number beyond 64 bits"));
            v |= static_cast<std::uint64_t>(octet & 0x7f) << shift;
            if (octet < 0x80) return v;
        }
    }
    std::int64_t zigzag() {
        auto v = varint();
        return static_cast<std::int64_t>(v >> 1 ^ (~(v & 1) + 1));
    }
    bool empty() const { return in_.empty(); }
    void finish() const {
        if (!in_.empty()) corrupt(msg("is longer than its fields"));
    }

private:
    void need(std::size_t n) const {
        if (in_.size() < n) corrupt(msg("is cut short"));
    }
    [[noreturn]] void corrupt(const Message& why) const {
        throw Error(ErrorKind::database, msg("database"), msg("corrupt: %1 %2", what_, why),
                    msg("restore a backup or sync again into a new database"));
    }

    ByteView in_;
    const char* what_;
};

// Big-endian keys sort by value in LMDB's byte order.
inline Bytes be32(std::uint32_t v) {
    return {static_cast<char>(v >> 24), static_cast<char>(v >> 16), static_cast<char>(v >> 8), static_cast<char>(v)};
}
inline Bytes be64(std::uint64_t v) {
    return be32(static_cast<std::uint32_t>(v >> 32)) + be32(static_cast<std::uint32_t>(v));
}
inline std::uint64_t from_be(ByteView v) {
    std::uint64_t r = 0;
    for (unsigned char c : v) r = r << 8 | c;
    return r;
}

}  // namespace saring
