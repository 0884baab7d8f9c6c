// Short keys (a top-level domain, or two labels) at and above which nothing is listed. Nearly
// every name has such an ancestor, and to ask for it each time would be a second or third
// search. Bounded; true for one state of the database and cleared by the owner when that changes.
#pragma once

#include <array>
#include <cstring>

#include "base/bytes.h"

namespace saring {

class BareTops {
public:
    static constexpr std::size_t most_labels = 2;

    bool holds(ByteView key) const {
        const auto& place = places_[place_of(key)];
        return place.size == key.size() && std::memcmp(place.octets, key.data(), key.size()) == 0;
    }
    // A key that is too long for its place is not kept.
    void keep(ByteView key) {
        auto& place = places_[place_of(key)];
        if (key.size() > sizeof place.octets) return;
        place.size = static_cast<std::uint8_t>(key.size());
        std::memcpy(place.octets, key.data(), key.size());
    }
    void clear() {
        for (auto& place : places_) place.size = 0;
    }

private:
    struct Place {
        std::uint8_t size = 0;
        char octets[31];
    };
    static constexpr std::size_t places = 256;
    static std::size_t place_of(ByteView key) {
        std::uint32_t hash = 0x811c9dc5;
        for (unsigned char c : key) hash = (hash ^ c) * 0x01000193;  // FNV-1a
        return (hash ^ hash >> 16) % places;
    }
    std::array<Place, places> places_;
};

}  // namespace saring
