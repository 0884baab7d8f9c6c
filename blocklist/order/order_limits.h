// Limits of an order: more than any order needs, less than any later stage can handle. order/FORMAT.md and
// docs/schema/order.json have the same numbers. Sizes are bytes of UTF-8.
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
constexpr std::size_t max_key_size = 511;  // LMDB's limit: a revocation's order, a separator and its domain

// Maps characters that look alike to one: upper and lower case, 0 and O, 1 and l and I and |. People cannot tell two
// ids with the same likeness apart.
std::string id_likeness(const std::string& id);

}  // namespace saring::order
