// Short keys (of up to three labels) at, above and below which nothing is listed. Most names
// that nobody asked for before lie below one whose neighbours were asked for: their look-up is
// the same miss again. Bounded; true for one state of the database and cleared by the owner
// when that changes.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace saring {

class CleanSubtrees {
public:
    static constexpr std::size_t most_labels = 3;

    // A lookup key. One that is too long for its place is not kept.
    void keep(ByteView key) {
        if (key.size() > sizeof Place::octets) return;
        std::uint32_t hash = begin;
        for (char c : key) hash = step(hash, c);
        auto& place = places_[place_of(hash)];
        place.size = static_cast<std::uint8_t>(key.size());
        std::memcpy(place.octets, key.data(), key.size());
    }

    // Whether the name, or one of its ancestors, was kept. In wire format, in any case; what
    // is no name is in no subtree.
    bool holds(const std::uint8_t* wire, std::size_t size) const noexcept {
        std::size_t starts[most_labels] = {}, labels = 0, at = 0;
        for (; at < size && wire[at] != 0; at += wire[at] + 1u) starts[labels++ % most_labels] = at;
        if (at + 1 != size) return false;
        // The lookup key of the last labels, from the root downwards, as far as it goes.
        char key[sizeof Place::octets];
        std::size_t length = 0;
        std::uint32_t hash = begin;
        for (std::size_t n = 1; n <= labels && n <= most_labels; ++n) {
            const std::uint8_t* label = wire + starts[(labels - n) % most_labels];
            if (length + label[0] + 1u > sizeof key) return false;
            for (std::size_t i = 1; i <= label[0]; ++i) {
                auto octet = label[i];
                if (octet < 2) return false;  // stands there as two, lookup_key.h
                if (octet >= 'A' && octet <= 'Z') octet = static_cast<std::uint8_t>(octet + 32);
                key[length++] = static_cast<char>(octet);
                hash = step(hash, static_cast<char>(octet));
            }
            key[length++] = 0;
            hash = step(hash, 0);
            const auto& place = places_[place_of(hash)];
            if (place.size == length && std::memcmp(place.octets, key, length) == 0) return true;
        }
        return false;
    }

    void clear() {
        for (auto& place : places_) place.size = 0;
    }

private:
    struct Place {
        std::uint8_t size = 0;
        char octets[31];
    };
    static constexpr std::size_t places = 1024;
    static constexpr std::uint32_t begin = 0x811c9dc5;  // FNV-1a
    static std::uint32_t step(std::uint32_t hash, char c) { return (hash ^ static_cast<unsigned char>(c)) * 0x01000193; }
    static std::size_t place_of(std::uint32_t hash) { return (hash ^ hash >> 16) % places; }
    std::array<Place, places> places_;
};

}  // namespace saring
