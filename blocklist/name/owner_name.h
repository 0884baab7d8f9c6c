// A DNS owner name, always in lower case (RFC 4343) and within the limits of RFC 1035 section 2.3.4: labels of 1 to 63
// octets, 255 octets in all. A value type without allocations; thread-safe.
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

    // Presentation format (RFC 1035 section 5.1): escapes "\." and "\DDD"; the final dot is optional. Throws
    // Error(usage) that names the text and the limit that it exceeds.
    static OwnerName parse(std::string_view text);

    // Uncompressed wire format; folds to lower case. False when it is not exactly one well-formed name.
    static bool from_wire(const std::uint8_t* wire, std::size_t size, OwnerName& out) noexcept;

    ByteView wire() const { return {reinterpret_cast<const char*>(wire_.data()), size_}; }
    bool is_root() const { return size_ == 1; }
    std::size_t label_count() const;  // 0 for the root

    // Without the final dot; the root is ".". Octets other than printable ASCII are written \DDD, so the text is safe
    // for a terminal.
    std::string to_string() const;

    OwnerName parent() const;  // of the root: the root
    // The name that consists of the last `labels` labels.
    OwnerName suffix(std::size_t labels) const;
    bool is_at_or_below(const OwnerName& apex) const;

    bool operator==(const OwnerName& o) const { return wire() == o.wire(); }
    bool operator!=(const OwnerName& o) const { return !(*this == o); }

private:
    std::array<std::uint8_t, max_wire> wire_{};
    std::uint8_t size_ = 1;
};

}  // namespace saring
