// What an order may hold at most: more than any order needs, less than anything behind the door can carry.
// order/FORMAT.md and docs/schema/order.json give the same numbers. Sizes are bytes of UTF-8.
#pragma once

#include <cstddef>
#include <string>

#include "order/order.h"

namespace saring::order {

constexpr std::size_t max_order_document = 64u << 20;
constexpr std::size_t max_order_text = 4000;   // legal_basis, each reason
constexpr std::size_t max_order_reasons = 20;  // languages
constexpr std::size_t max_order_contacts = 20;
constexpr std::size_t max_order_regions = 500;
constexpr std::size_t max_order_revokes = 100000;
constexpr std::size_t max_key_size = 511;  // LMDB's: a revocation's order, a separator and its domain

// An id with everything that a reader would mistake for something else made one: capital and small letters, 0 and
// O, 1 and l and I and |. Two ids with the same likeness are told apart by a computer only.
std::string id_likeness(const std::string& id);

}  // namespace saring::order
