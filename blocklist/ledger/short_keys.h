// A bounded set of short lookup keys, each in the one place that its hash has: a later one
// drives an earlier one out, and one that is too long for a place is not kept.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace saring::ledger {

template <std::size_t places>
class ShortKeys {
public:
    static constexpr std::size_t most_octets = 31;

    // FNV-1a, an octet at a time, so that the hash of a key is on the way to those of longer ones.
    static constexpr std::uint32_t no_octets = 0x811c9dc5;
    static std::uint32_t step(std::uint32_t hash, char c) { return (hash ^ static_cast<unsigned char>(c)) * 0x01000193; }
    static std::uint32_t hash_of(ByteView key) {
        std::uint32_t hash = no_octets;
        for (char c : key) hash = step(hash, c);
        return hash;
    }

    bool holds(ByteView key, std::uint32_t hash) const noexcept {
        const auto& place = places_[place_of(hash)];
        return place.size == key.size() && std::memcmp(place.octets, key.data(), key.size()) == 0;
    }
    bool holds(ByteView key) const noexcept { return holds(key, hash_of(key)); }
    void keep(ByteView key) {
        if (key.size() > most_octets) return;
        auto& place = places_[place_of(hash_of(key))];
        place.size = static_cast<std::uint8_t>(key.size());
        std::memcpy(place.octets, key.data(), key.size());
    }
    void clear() {
        for (auto& place : places_) place.size = 0;
    }

private:
    struct Place {
        std::uint8_t size = 0;
        char octets[most_octets];
    };
    static std::size_t place_of(std::uint32_t hash) { return (hash ^ hash >> 16) % places; }
    std::array<Place, places> places_;
};

}  // namespace saring::ledger
