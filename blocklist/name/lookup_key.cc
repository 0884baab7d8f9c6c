#include "name/lookup_key.h"

#include <algorithm>
#include <cstring>

namespace saring {
namespace {

// False only if no octet of the name is 0 or 1; length octets of one-octet labels also count.
bool may_have_low_octet(const std::uint8_t* octets, std::size_t size) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    std::uint64_t low = 0;
    std::size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        std::uint64_t x;
        std::memcpy(&x, octets + at, 8);
        low |= (x - 2 * ones) & ~x;
    }
    bool low_in_tail = false;
    for (; at < size; ++at) low_in_tail |= octets[at] <= 1;
    return low_in_tail || (low & (0x80 * ones)) != 0;
}

}  // namespace

LookupKey::LookupKey(const OwnerName& name) noexcept {
    std::array<std::uint8_t, OwnerName::max_labels> starts;
    const auto* wire = reinterpret_cast<const std::uint8_t*>(name.wire().data());
    std::size_t count = 0;
    for (std::size_t at = 0; wire[at] != 0; at += wire[at] + 1u) starts[count++] = static_cast<std::uint8_t>(at);

    std::size_t out = 0;
    ends_[0] = 0;
    bool plain = !may_have_low_octet(wire, name.wire().size() - 1);
    for (std::size_t n = 0; n < count; ++n) {
        const std::uint8_t* label = wire + starts[count - 1 - n];
        if (plain) {
            std::memcpy(bytes_.data() + out, label + 1, label[0]);
            out += label[0];
        }
        for (std::size_t i = 1; !plain && i <= label[0]; ++i) {
            if (label[i] > 1) {
                bytes_[out++] = static_cast<char>(label[i]);
            } else {
                bytes_[out++] = 1;
                bytes_[out++] = static_cast<char>(label[i] + 1);
            }
        }
        bytes_[out++] = 0;
        ends_[n + 1] = static_cast<std::uint16_t>(out);
    }
    size_ = static_cast<std::uint16_t>(out);
    labels_ = static_cast<std::uint8_t>(count);
}

std::size_t LookupKey::labels_within(std::size_t size) const noexcept {
    auto first = ends_.begin(), last = first + labels_ + 1;
    return static_cast<std::size_t>(std::upper_bound(first, last, size) - first) - 1;
}

OwnerName name_of_key(ByteView key) {
    auto corrupt = [] {
        return Error(ErrorKind::database, msg("database"), msg("corrupt: a name key is not in lookup format"),
                     msg("restore a backup or sync again into a new database"));
    };
    std::array<std::uint8_t, OwnerName::max_wire> wire;
    std::size_t front = wire.size();
    wire[--front] = 0;
    std::size_t at = 0;
    while (at < key.size()) {
        std::array<std::uint8_t, OwnerName::max_label> label;
        std::size_t length = 0;
        for (;; ++at) {
            if (at >= key.size()) throw corrupt();
            auto octet = static_cast<std::uint8_t>(key[at]);
            if (octet == 0) break;
            if (octet == 1) {
                if (++at >= key.size() || (key[at] != 1 && key[at] != 2)) throw corrupt();
                octet = static_cast<std::uint8_t>(key[at] - 1);
            }
            if (length == label.size() || (octet >= 'A' && octet <= 'Z')) throw corrupt();
            label[length++] = octet;
        }
        ++at;
        if (length == 0 || front < length + 1) throw corrupt();
        front -= length;
        std::copy_n(label.begin(), length, wire.begin() + static_cast<std::ptrdiff_t>(front));
        wire[--front] = static_cast<std::uint8_t>(length);
    }
    OwnerName name;
    if (!OwnerName::from_wire(wire.data() + front, wire.size() - front, name)) throw corrupt();
    return name;
}

}  // namespace saring
