#include "store/name_set.h"

#include <sodium.h>

#include <algorithm>

namespace saring {

void NameSet::add(ByteView key) {
    at_.push_back(arena_.size());
    arena_.push_back(static_cast<char>(key.size() & 0xff));
    arena_.push_back(static_cast<char>(key.size() >> 8));
    arena_.append(key);
}

void NameSet::sort_unique() {
    std::sort(at_.begin(), at_.end(), [this](auto a, auto b) { return key_at(a) < key_at(b); });
    at_.erase(std::unique(at_.begin(), at_.end(), [this](auto a, auto b) { return key_at(a) == key_at(b); }), at_.end());
}

Bytes NameSet::digest() const {
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, 32);
    for (std::size_t i = 0; i < size(); ++i) {
        // The length octets in front keep the keys apart.
        const char* p = arena_.data() + at_[i];
        crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(p), (*this)[i].size() + 2);
    }
    Bytes out(32, '\0');
    crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(out.data()), out.size());
    return out;
}

}  // namespace saring
