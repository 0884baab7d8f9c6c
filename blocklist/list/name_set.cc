#include "list/name_set.h"

#include <sodium.h>

#include <algorithm>

namespace saring::list {

void NameSet::put_head(std::uint64_t at, std::size_t size, policy::Match match) {
    auto head = static_cast<unsigned>(size) | static_cast<unsigned>(match) << match_shift;
    arena_[at] = static_cast<char>(head & 0xff);
    arena_[at + 1] = static_cast<char>(head >> 8);
}

void NameSet::add(ByteView key, policy::Match match) {
    at_.push_back(arena_.size());
    arena_.append(2, '\0');
    put_head(at_.back(), key.size(), match);
    arena_.append(key);
}

void NameSet::sort_unique() {
    std::sort(at_.begin(), at_.end(), [this](auto a, auto b) { return key_at(a) < key_at(b); });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < at_.size(); ++i) {
        if (kept > 0 && key_at(at_[kept - 1]) == key_at(at_[i]))
            put_head(at_[kept - 1], key_at(at_[i]).size(), policy::unite(match(kept - 1), match(i)));
        else at_[kept++] = at_[i];
    }
    at_.resize(kept);
}

std::size_t NameSet::lower_bound(ByteView key) const {
    auto at =
        std::lower_bound(at_.begin(), at_.end(), key, [this](auto place, ByteView k) { return key_at(place) < k; });
    return static_cast<std::size_t>(at - at_.begin());
}

std::optional<std::size_t> NameSet::find(ByteView key) const {
    auto at = lower_bound(key);
    if (at < size() && (*this)[at] == key) return at;
    return std::nullopt;
}

void NameSet::drop(const std::vector<std::size_t>& places) {
    std::size_t kept = 0, next = 0;
    for (std::size_t i = 0; i < at_.size(); ++i) {
        if (next < places.size() && places[next] == i) ++next;
        else at_[kept++] = at_[i];
    }
    at_.resize(kept);
}

Bytes NameSet::digest() const {
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, 32);
    for (std::size_t i = 0; i < size(); ++i) {
        // The two bytes in front separate the keys.
        const char* p = arena_.data() + at_[i];
        crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(p), (*this)[i].size() + 2);
    }
    Bytes out(32, '\0');
    crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(out.data()), out.size());
    return out;
}

}  // namespace saring::list
