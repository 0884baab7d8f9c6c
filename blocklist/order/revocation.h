// Decides what one order lifts of another; if nothing, finds the target that was probably meant.
#pragma once

#include <string>
#include <vector>

#include "base/message.h"
#include "order/order.h"

namespace saring::order {

// Whether `r` lifts `target`, a target of the order that `r` names.
bool lifts(const Revocation& r, const OwnerName& target);

// Why `r` lifts nothing of `lifted`, with the most similar target; empty when it lifts something.
Message why_nothing_is_lifted(const Revocation& r, const Order& lifted);

// For an unknown id; suggests the most similar known one.
Message why_unknown(const std::string& id, const Message& where, const std::vector<std::string>& known);

// "order B-1", "hoax.example of order B-1", "hoax.example and all below it of order B-1"
Message in_words(const Revocation& r);

}  // namespace saring::order
