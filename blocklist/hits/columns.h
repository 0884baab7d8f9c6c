// A block unpacked, a column at a time. Whoever counts looks at numbers and at each
// dictionary's entry once, instead of making a Hit of every row; a filter decides once for
// each name, client and order that a block holds.
#pragma once

#include <memory>
#include <vector>

#include "hits/block.h"
#include "hits/filter.h"

namespace saring::hits {

struct BlockColumns {
    // Throws Error(database) on damage: every number lies within its dictionary afterwards.
    BlockColumns(std::uint64_t first, ByteView block);
    BlockColumns(BlockColumns&&) = default;

    std::size_t size() const { return time.size(); }
    Hit hit(std::size_t row) const;
    // The rows that the filter accepts, ascending.
    std::vector<std::uint32_t> accepted(const HitFilter& filter) const;
    // Hit::matched() of a row, without making one: its key (counts.h, matched_key).
    Bytes matched(std::size_t row) const;

    // Dictionaries; views of `plain`. Names are wire format.
    std::vector<ByteView> instances, clients, regions, orders, names, prefixes;
    // One number a hit: of a dictionary's entry for instance, client, region, qname, order and
    // listed (a prefix where the trigger is address, else a name).
    std::vector<std::uint64_t> sequence, serial;
    std::vector<Microseconds> time;
    std::vector<std::uint32_t> instance, client, region, asn, qname, listed, order;
    std::vector<std::uint16_t> qtype;
    std::vector<Transport> transport;
    std::vector<policy::Trigger> trigger;
    std::vector<policy::Action> action;

private:
    std::unique_ptr<char[]> plain;
};

}  // namespace saring::hits
