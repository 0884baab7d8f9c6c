#include "image/name_filter.h"

#include <algorithm>

#include "image/refusal.h"

namespace saring::image {
namespace {

constexpr std::uint64_t depth = 3;           // labels of the longest key
constexpr std::uint64_t bits_per_name = 12;  // about one unlisted key in 70 is not excluded
constexpr std::uint64_t word_bits = 64;
constexpr std::size_t header = 8;
constexpr std::uint64_t hash_factor = 0x9e3779b97f4a7c15, bits_factor = 0xd6e8feb86659fd93;

std::uint64_t load64(const char* p, std::size_t size = 8) {
    std::uint64_t v = 0;
    std::memcpy(&v, p, size);
    if constexpr (std::endian::native == std::endian::big) v = __builtin_bswap64(v);
    return v;
}

void store64(char* p, std::uint64_t v) {
    if constexpr (std::endian::native == std::endian::big) v = __builtin_bswap64(v);
    std::memcpy(p, &v, sizeof v);
}

struct Word {
    std::uint64_t number, bits;
};

Word word_of(ByteView key, std::uint64_t words) noexcept {
    std::uint64_t h = key.size() * hash_factor;
    auto mix = [&](std::uint64_t v) {
        h = (h ^ v) * hash_factor;
        h ^= h >> 32;
    };
    const char* at = key.data();
    std::size_t left = key.size();
    for (; left >= 8; at += 8, left -= 8) mix(load64(at));
    if (left > 0) mix(load64(at, left));
    std::uint64_t g = h * bits_factor, bits = 0;
    for (int shift : {58, 52, 46, 40}) bits |= std::uint64_t{1} << (g >> shift & 63);
    return {static_cast<std::uint64_t>(static_cast<unsigned __int128>(h) * words >> 64), bits};
}

}  // namespace

NameFilterWriter::NameFilterWriter(std::uint64_t names)
    : section_(header + 8 * std::max<std::uint64_t>(1, (names * bits_per_name + word_bits - 1) / word_bits), '\0'),
      fewest_(depth) {
    pending_.fill({header, 0});
}

void NameFilterWriter::set(Place place) {
    store64(&section_[place.offset], load64(&section_[place.offset]) | place.bits);
}

void NameFilterWriter::add(ByteView key) {
    std::size_t size = 0;
    std::uint64_t labels = 0;
    while (size < key.size() && labels < depth) labels += key[size++] == '\0';
    ByteView top = key.substr(0, size);
    if (top == last_) return;
    last_ = top;
    fewest_ = std::min(fewest_, labels);
    auto [word, bits] = word_of(top, section_.size() / 8 - 1);
    Place& oldest = pending_[next_++ % pending_.size()];
    set(oldest);
    oldest = {header + 8 * static_cast<std::size_t>(word), bits};
    __builtin_prefetch(&section_[oldest.offset], 1);
}

Bytes NameFilterWriter::take() {
    for (auto place : pending_) set(place);
    store64(section_.data(), fewest_);
    return std::move(section_);
}

NameFilter::NameFilter(ByteView section) {
    if (section.size() < header + 8 || section.size() % 8 != 0)
        throw malformed(msg("has a filter of the wrong length"));
    fewest_ = load64(section.data());
    if (fewest_ < 1 || fewest_ > depth) throw malformed(msg("has a damaged filter"));
    words_ = section.data() + header;
    count_ = section.size() / 8 - 1;
}

bool NameFilter::may_list(const LookupKey& key) const noexcept {
    auto most = std::min<std::uint64_t>(key.labels(), depth);
    for (auto labels = fewest_; labels <= most; ++labels) {
        auto [word, bits] = word_of(key.ancestor(labels), count_);
        if ((load64(words_ + 8 * word) & bits) == bits) return true;
    }
    return false;
}

}  // namespace saring::image
