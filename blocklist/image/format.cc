#include "image/format.h"

#include "image/refusal.h"

namespace saring::image {
namespace {

template <std::size_t N>
ByteView view(const std::array<std::uint8_t, N>& a) {
    return {reinterpret_cast<const char*>(a.data()), N};
}

void put(ByteWriter& w, const State& s) {
    w.raw(view(s.ledger));
    w.integer(s.serial);
    w.raw(view(s.journal));
}

struct Fields {
    ByteView remaining;

    template <std::size_t N>
    void get(std::array<std::uint8_t, N>& a) {
        std::memcpy(a.data(), remaining.data(), N);
        remaining.remove_prefix(N);
    }
    void get(std::uint64_t& v) {
        v = 0;
        for (unsigned i = 0; i < 8; ++i)
            v |= static_cast<std::uint64_t>(static_cast<unsigned char>(remaining[i])) << (8 * i);
        remaining.remove_prefix(8);
    }
    void get(State& s) {
        get(s.ledger);
        get(s.serial);
        get(s.journal);
    }
};

}  // namespace

const char* to_string(Reason r) {
    switch (r) {
        case Reason::absent: return "absent";
        case Reason::unreadable: return "unreadable";
        case Reason::malformed: return "malformed";
        case Reason::version: return "version";
        case Reason::mismatch: return "mismatch";
        case Reason::other_ledger: return "other ledger";
        case Reason::older: return "older";
        case Reason::memory: return "memory";
    }
    return "?";
}

Bytes encode(const Footer& f) {
    ByteWriter w;
    w.integer(format_version);
    w.integer(static_cast<std::uint8_t>(f.kind));
    put(w, f.state);
    put(w, f.base);
    w.raw(view(f.base_hash));
    for (auto v : {f.keys, f.changes_since, f.names, f.addresses}) w.integer(v);
    return w.take();
}

Footer decode_footer(ByteView bytes) {
    auto refuse = [](Reason reason, const Message& why) { return Refusal(reason, msg("image file"), why); };
    if (bytes.size() < 2) throw refuse(Reason::malformed, msg("does not say its format"));
    auto number = static_cast<unsigned>(static_cast<unsigned char>(bytes[0])) |
                  static_cast<unsigned>(static_cast<unsigned char>(bytes[1])) << 8;
    if (number != format_version)
        throw refuse(Reason::version, msg("has format %1, this program reads %2", number, format_version));
    if (bytes.size() != Footer::size) throw refuse(Reason::malformed, msg("has a footer of the wrong length"));
    auto kind = static_cast<unsigned char>(bytes[2]);
    if (kind > static_cast<unsigned char>(Kind::delta))
        throw refuse(Reason::malformed, msg("is of the unknown kind %1", kind));
    Footer f;
    f.kind = static_cast<Kind>(kind);
    Fields in{bytes.substr(3)};
    in.get(f.state);
    in.get(f.base);
    in.get(f.base_hash);
    for (auto* v : {&f.keys, &f.changes_since, &f.names, &f.addresses}) in.get(*v);
    return f;
}

}  // namespace saring::image
