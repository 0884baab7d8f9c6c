#include "hitlog/crc32c.h"

#include <array>
#include <cstring>

namespace saring::hitlog {
namespace {

using Table = std::array<std::array<std::uint32_t, 256>, 8>;

// Eight bytes a step: the k-th table continues a byte's remainder over k more zero bytes.
constexpr Table make_tables() {
    Table t{};
    for (std::uint32_t n = 0; n < 256; ++n) {
        std::uint32_t c = n;
        for (int bit = 0; bit < 8; ++bit) c = c & 1 ? c >> 1 ^ 0x82f63b78u : c >> 1;
        t[0][n] = c;
    }
    for (std::uint32_t n = 0; n < 256; ++n)
        for (std::size_t k = 1; k < 8; ++k) t[k][n] = t[k - 1][n] >> 8 ^ t[0][t[k - 1][n] & 0xff];
    return t;
}
constexpr Table tables = make_tables();

std::uint32_t little_endian(const unsigned char* at) {
    return std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[3]} << 24;
}

#ifdef __x86_64__
// Eight bytes in three cycles. x86-64 processors since 2008 have SSE 4.2.
__attribute__((target("sse4.2"))) std::uint32_t by_processor(std::uint32_t seed, ByteView bytes) {
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    std::uint64_t c = ~seed;
    for (; left >= 8; at += 8, left -= 8) {
        std::uint64_t eight;
        std::memcpy(&eight, at, sizeof eight);
        c = __builtin_ia32_crc32di(c, eight);
    }
    auto out = static_cast<std::uint32_t>(c);
    for (; left > 0; ++at, --left) out = __builtin_ia32_crc32qi(out, static_cast<unsigned char>(*at));
    return ~out;
}
#endif

}  // namespace

std::uint32_t crc32c(std::uint32_t seed, ByteView bytes) {
#ifdef __x86_64__
    static const bool has_instruction = __builtin_cpu_supports("sse4.2");
    if (has_instruction) return by_processor(seed, bytes);
#endif
    return crc32c_in_software(seed, bytes);
}

std::uint32_t crc32c_in_software(std::uint32_t seed, ByteView bytes) {
    auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    std::size_t left = bytes.size();
    std::uint32_t c = ~seed;
    for (; left >= 8; at += 8, left -= 8) {
        std::uint32_t low = little_endian(at) ^ c, high = little_endian(at + 4);
        c = tables[7][low & 0xff] ^ tables[6][low >> 8 & 0xff] ^ tables[5][low >> 16 & 0xff] ^ tables[4][low >> 24] ^
            tables[3][high & 0xff] ^ tables[2][high >> 8 & 0xff] ^ tables[1][high >> 16 & 0xff] ^ tables[0][high >> 24];
    }
    for (; left > 0; ++at, --left) c = c >> 8 ^ tables[0][(c ^ *at) & 0xff];
    return ~c;
}

}  // namespace saring::hitlog
