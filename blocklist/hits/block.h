// A block: up to a second of hits of one writer, packed. Names, clients and orders that
// occur often stand once in the block's dictionaries; the rest is columns of small numbers,
// and zstd packs the whole to some 20 octets a hit. A block is written once and only
// rewritten by a purge.
//
//   version u8, count u32, least time i64, greatest time i64, last sequence u64, zstd of:
//   dictionaries   instances, clients, regions, orders, names (wire format), prefixes (stored_client)
//   first time, first serial
//   columns        sequence, time, instance, client, region, asn, transport, qname, qtype,
//                  trigger, what was listed, action, order, serial
// The first sequence is the block's key. Numbers are varints, sequence and time and serial
// differences to the hit before.
#pragma once

#include <vector>

#include "base/dictionary.h"
#include "hits/hit.h"

namespace saring::hits {

struct BlockHead {
    static constexpr std::size_t size = 1 + 4 + 8 + 8 + 8;  // octets before the zstd frame
    std::uint32_t count = 0;
    Microseconds least = 0, greatest = 0;
    std::uint64_t last_sequence = 0;
};

class BlockBuilder {
public:
    static constexpr std::size_t most = 65536;  // hits

    void add(const Hit& hit);  // its sequence is used by encode_kept only
    std::size_t size() const { return count_; }
    bool full() const { return count_ >= most; }

    // The block of hits numbered without gaps from `first`.
    Bytes encode(std::uint64_t first) const;
    // With the sequences that the hits have, ascending; the first one is the key.
    Bytes encode_kept() const;

    // Under which index keys the block is found, ascending.
    std::vector<Bytes> index_keys() const;

private:
    Bytes pack(std::uint64_t first, const std::vector<std::uint64_t>* sequences) const;

    std::size_t count_ = 0;
    Microseconds least_ = 0, greatest_ = 0, first_time_ = 0, last_time_ = 0;
    std::uint64_t first_serial_ = 0, last_serial_ = 0;
    Dictionary instances_, clients_, regions_, orders_, names_, prefixes_;
    std::vector<std::uint64_t> sequences_;
    enum Column { time, instance, client, region, asn, transport, qname, qtype, trigger, listed, action, order, serial, columns };
    ByteWriter column_[columns];
    std::vector<Bytes> index_keys_;  // as they came
    Hour last_hour_ = ~Hour{0};
    std::vector<bool> indexed_names_;  // by number in names_
};

// Throw Error(database) on damage. columns.h reads a block without making hits of it.
BlockHead decode_block_head(ByteView block);
std::vector<Hit> decode_block(std::uint64_t first, ByteView block);
[[noreturn]] void raise_corrupt_block(const Message& why);

}  // namespace saring::hits
