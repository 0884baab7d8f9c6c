// Which of an order's reasons a page shows.
#pragma once

#include <algorithm>

#include "store/records.h"

namespace saring {

// The one in the language; better in another language than not at all. Null: the order has none.
inline const std::pair<std::string, std::string>* reason_to_show(const OrderTexts& texts, const std::string& language) {
    if (texts.reason.empty()) return nullptr;
    auto at = std::find_if(texts.reason.begin(), texts.reason.end(), [&](const auto& r) { return r.first == language; });
    return at == texts.reason.end() ? &texts.reason.front() : &*at;
}

}  // namespace saring
