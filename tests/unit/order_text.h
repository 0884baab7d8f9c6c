// Order documents as JSON that a test alters before parsing.
#pragma once

#include <nlohmann/json.hpp>

#include "order/order.h"
#include "support.h"

namespace saring::test {

using Json = nlohmann::ordered_json;

inline Json minimal() {
    return {{"format", "saring-order/1"},          {"id", "B-1/2024"},
            {"authority", "Ministry of Examples"}, {"issued", "2024-01-01T00:00:00Z"},
            {"expires", "2025-01-01T00:00:00Z"},   {"targets", Json::array({{{"domain", "hoax.example"}}})}};
}

inline order::Order read(const Json& j) { return order::parse_order(j.dump(), "orders/b1.json"); }

// Expects a refusal that names the file, the field and, if there is one, the value.
inline void refused(const Json& j, const std::string& field, const std::string& value) {
    INFO(j.dump());
    require_error(ErrorKind::usage, [&] { read(j); }, {"orders/b1.json", "field " + field, value});
}

}  // namespace saring::test
