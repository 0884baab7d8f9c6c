// A DNS owner name, always lower-cased (RFC 4343) and within the limits of
// RFC 1035 section 2.3.4: labels of 1 to 63 octets, 255 octets in all. A value type without
// heap memory; safe to use from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace saring {

class OwnerName {
public:
    static constexpr std::size_t max_wire = 255;
    static constexpr std::size_t max_label = 63;
    static constexpr std::size_t max_labels = 127;

    OwnerName() = default;  // the root

    // Presentation format, RFC 1035 section 5.1: "\." and "\DDD" escapes, a final dot is
    // optional. Throws Error(usage) that names the text and the limit it breaks.
    static OwnerName parse(std::string_view text);

    // Uncompressed wire format, folded to lower case. Returns false when it is
    // not one whole well-formed name.
    static bool from_wire(const std::uint8_t* wire, std::size_t size, OwnerName& out) noexcept;

    ByteView wire() const { return {reinterpret_cast<const char*>(wire_.data()), size_}; }
    bool is_root() const { return size_ == 1; }
    std::size_t label_count() const;  // the root has none

    // Without the final dot; the root is ".". Octets that are not printable ASCII
    // come out as \DDD, so the text is safe on a terminal.
    std::string to_string() const;

    OwnerName parent() const;  // of the root: the root
    // The name made of the last `labels` labels.
    OwnerName suffix(std::size_t labels) const;
    bool is_at_or_below(const OwnerName& apex) const;

    bool operator==(const OwnerName& o) const { return wire() == o.wire(); }
    bool operator!=(const OwnerName& o) const { return !(*this == o); }

private:
    std::array<std::uint8_t, max_wire> wire_{};
    std::uint8_t size_ = 1;
};

}  // namespace saring
