// What commands print. Text from orders and lists is foreign: shown() lets nothing
// of it act on a terminal.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/hex.h"
#include "language.h"
#include "store/records.h"

namespace saring::tool {

using Json = nlohmann::ordered_json;

// Control characters (C0, DEL, C1) and those that turn the direction of writing become '?'.
std::string shown(std::string_view text);

void print(const std::string& line, const char* end = "\n");  // shown() is the caller's duty
void print_json(const Json& value);   // indented
// On one line. What is not ASCII is escaped in JSON: nothing is lost, and nothing acts on a terminal.
std::string json_line(const Json& value);
void complain(const std::string& line);  // to standard error

// A table with its columns aligned.
void print_table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows);

// The members an order has in every JSON answer.
Json order_json(const OrderRecord& record, UnixTime now);

std::string state_word(OrderState state);

std::string time_or(UnixTime t, const char* otherwise);

}  // namespace saring::tool
