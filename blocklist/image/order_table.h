// The orders of an image, with all data that a decision or an answer needs, and without signers, operators who lifted
// an order, and targets that a safety rule held.
//
//   orders := u32 count, count x (index u32, changed u64, state u8, fields if state is present)
//   fields := kind u8, action u8 (255: the ISP's default), issued, effective, expires, lifted i64,
//             text id, authority, category, regions, reason, contact, legal basis, reference, clarification
//
// The index is the ledger's, ascending. A text is its u32 length, then its bytes; lists begin with a u16 count.
#pragma once

#include <memory>
#include <vector>

#include "image/format.h"
#include "policy/order_record.h"

namespace saring::image {

struct ImageOrder {
    policy::OrderIndex index = 0;
    std::uint64_t changed = 0;  // in a delta: the serial that last changed it
    bool present = true;        // false: a delta hides the base's order
    // signers, lifted_by, digest, deadline, applied and counts are not set.
    policy::OrderRecord record;
    policy::OrderTexts texts;
};

class OrderTableWriter {
public:
    // Indexes must ascend.
    void add(const ImageOrder& order);
    Bytes finish() const;

private:
    std::uint32_t count_ = 0;
    Bytes rows_;
};

// Throws Refusal(malformed).
std::vector<std::shared_ptr<const ImageOrder>> read_orders(ByteView section);

}  // namespace saring::image
