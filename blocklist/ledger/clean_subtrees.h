// Short keys (of up to three labels) at, above and below which nothing is listed. Most names
// that nobody asked for before lie below one whose neighbours were asked for: their look-up is
// the same miss again. True for one state of the database and cleared by the owner when that changes.
#pragma once

#include "ledger/short_keys.h"

namespace saring::ledger {

class CleanSubtrees {
public:
    static constexpr std::size_t most_labels = 3;

    void keep(ByteView key) { keys_.keep(key); }
    void clear() { keys_.clear(); }

    // Whether the name, or one of its ancestors, was kept. In wire format, in any case; what
    // is no name is in no subtree.
    bool holds(const std::uint8_t* wire, std::size_t size) const noexcept {
        std::size_t starts[most_labels] = {}, labels = 0, at = 0;
        for (; at < size && wire[at] != 0; at += wire[at] + 1u) starts[labels++ % most_labels] = at;
        if (at + 1 != size) return false;
        // The lookup key of the last labels, from the root downwards, as far as it goes.
        char key[Keys::most_octets];
        std::size_t length = 0;
        std::uint32_t hash = Keys::no_octets;
        auto add = [&](char c) {
            key[length++] = c;
            hash = Keys::step(hash, c);
        };
        for (std::size_t n = 1; n <= labels && n <= most_labels; ++n) {
            const std::uint8_t* label = wire + starts[(labels - n) % most_labels];
            if (length + label[0] + 1u > sizeof key) return false;
            for (std::size_t i = 1; i <= label[0]; ++i) {
                auto octet = label[i];
                if (octet < 2) return false;  // stands there as two, lookup_key.h
                add(static_cast<char>(octet >= 'A' && octet <= 'Z' ? octet + 32 : octet));
            }
            add('\0');
            if (keys_.holds({key, length}, hash)) return true;
        }
        return false;
    }

private:
    using Keys = ShortKeys<1024>;
    Keys keys_;
};

}  // namespace saring::ledger
