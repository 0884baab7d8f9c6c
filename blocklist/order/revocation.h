// What one order lifts of another: whether it lifts anything, and when it does not, which target was likely meant.
#pragma once

#include <string>
#include <vector>

#include "base/message.h"
#include "order/order.h"

namespace saring::order {

// Whether `target`, which the order named by `r` lists, is lifted by it.
bool lifts(const Revocation& r, const OwnerName& target);

// Why `r` lifts nothing of `lifted`, with the target that is nearest to the name; empty when it lifts something.
Message why_nothing_is_lifted(const Revocation& r, const Order& lifted);

// Of an id that is not known; with the known one that is most like it, if any is.
Message why_unknown(const std::string& id, const Message& where, const std::vector<std::string>& known);

// "order B-1", "hoax.example of order B-1", "hoax.example and all below it of order B-1"
Message in_words(const Revocation& r);

}  // namespace saring::order
