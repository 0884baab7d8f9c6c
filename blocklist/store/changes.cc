#include "store/changes.h"

#include <zstd.h>

namespace saring {
namespace {

constexpr int compression_level = 1;  // a commit waits for it
constexpr unsigned long long max_plain = 4ull << 30;
constexpr unsigned long long max_ratio = 40000;  // a block of 4 octets unpacks to 128 KiB at most

[[noreturn]] void corrupt(const char* why) {
    throw Error(ErrorKind::database, "database", std::string("corrupt: a commit's changes ") + why,
                "restore a backup or sync again into a new database");
}

Bytes compress(const Bytes& plain) {
    Bytes out(ZSTD_compressBound(plain.size()), '\0');
    std::size_t n = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), compression_level);
    if (ZSTD_isError(n)) throw Error(ErrorKind::database, "zstd", ZSTD_getErrorName(n), "free memory and try again");
    out.resize(n);
    return out;
}

Bytes decompress(ByteView packed) {
    unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > max_plain || size > max_ratio * packed.size())
        corrupt("have no valid size");
    Bytes out(static_cast<std::size_t>(size), '\0');
    std::size_t n = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
    if (ZSTD_isError(n) || n != out.size()) corrupt("do not unpack");
    return out;
}

constexpr std::uint8_t flag_added = 1, flag_address = 2;

}  // namespace

Bytes encode(const Changes& c) {
    ByteWriter w;
    w.integer(static_cast<std::uint32_t>(c.orders_before.size()));
    for (const auto& [index, image] : c.orders_before) {
        w.integer(index);
        w.bytes(image);
    }
    w.integer(static_cast<std::uint64_t>(c.entries.size()));
    for (const auto& e : c.entries) {
        w.integer(static_cast<std::uint8_t>((e.added ? flag_added : 0) | (e.address ? flag_address : 0)));
        w.integer(e.entry.order);
        w.integer(static_cast<std::uint8_t>(e.entry.match));
        w.bytes(e.key);
    }
    w.integer(static_cast<std::uint32_t>(c.whole_lists_added.size()));
    for (auto index : c.whole_lists_added) w.integer(index);
    w.integer(static_cast<std::uint32_t>(c.lifts_added.size()));
    for (const auto& key : c.lifts_added) w.bytes(key);
    w.integer(static_cast<std::uint32_t>(c.quarantine_before.size()));
    for (const auto& [key, image] : c.quarantine_before) {
        w.bytes(key);
        w.bytes(image);
    }
    return compress(w.take());
}

Changes decode_changes(ByteView value) {
    Bytes plain = decompress(value);
    ByteReader in(plain, "commit changes");
    Changes c;
    for (auto n = in.integer<std::uint32_t>(); n > 0; --n) {
        auto index = in.integer<OrderIndex>();
        c.orders_before.emplace_back(index, in.bytes());
    }
    for (auto n = in.integer<std::uint64_t>(); n > 0; --n) {
        auto flags = in.integer<std::uint8_t>();
        auto order = in.integer<OrderIndex>();
        auto match = in.integer<std::uint8_t>();
        if (match > static_cast<std::uint8_t>(last_match)) corrupt("have an unknown match");
        c.entries.push_back({(flags & flag_added) != 0, (flags & flag_address) != 0, {order, static_cast<Match>(match)}, Bytes(in.bytes())});
    }
    for (auto n = in.integer<std::uint32_t>(); n > 0; --n) c.whole_lists_added.push_back(in.integer<OrderIndex>());
    for (auto n = in.integer<std::uint32_t>(); n > 0; --n) c.lifts_added.emplace_back(in.bytes());
    for (auto n = in.integer<std::uint32_t>(); n > 0; --n) {
        Bytes key(in.bytes());
        c.quarantine_before.emplace_back(std::move(key), in.bytes());
    }
    in.finish();
    return c;
}

}  // namespace saring
