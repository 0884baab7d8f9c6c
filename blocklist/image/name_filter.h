// A filter over a file's names: for most names it tells, without a search, that neither they nor an ancestor are
// listed. A Bloom filter with a key's four bits in one word ("blocked": Putze, Sanders, Singler 2007), so one look is
// one cache miss. Its keys are the listed names, cut to their topmost three labels: few looks, and no more keys than
// names.
//
//   filter := fewest u64, word u64*      fewest: labels of the shortest key
//
// Hash of a key, its final zero included, in little-endian words of 8 bytes, the last padded with zeros:
//   h := size x M; for each word w: h := (h ^ w) x M, h := h ^ h >> 32; all modulo 2^64, M = 9e3779b97f4a7c15
// The key's word is number h x words >> 64. Its bits are the four 6-bit numbers from bit 58 of h x N down,
// N = d6e8feb86659fd93.
#pragma once

#include "image/format.h"
#include "name/lookup_key.h"

namespace saring::image {

class NameFilterWriter {
public:
    // For about so many names; more of them make the filter less useful, never wrong.
    explicit NameFilterWriter(std::uint64_t names);
    // Keys as in name/lookup_key.h, ascending.
    void add(ByteView key);
    Bytes take();

private:
    struct Place {
        std::size_t offset;
        std::uint64_t bits;
    };
    void set(Place place);

    Bytes section_, last_;
    std::uint64_t fewest_;
    // Set later, when the processor has fetched their words.
    std::array<Place, 32> pending_{};
    std::size_t next_ = 0;
};

// A view of the section; thread-safe.
class NameFilter {
public:
    NameFilter() = default;
    // Throws Refusal(malformed).
    explicit NameFilter(ByteView section);
    // False: neither the name nor an ancestor is listed.
    bool may_list(const LookupKey& key) const noexcept;

private:
    const char* words_ = nullptr;
    std::uint64_t count_ = 0;
    std::uint64_t fewest_ = 0;
};

}  // namespace saring::image
