// What commands print. Text from orders and lists is foreign: shown() lets nothing
// of it act on a terminal.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/hex.h"
#include "policy/order_record.h"
#include "program/language.h"
#include "text/printable.h"

namespace saring::tool {

using Json = nlohmann::ordered_json;

void print(const std::string& line, const char* end = "\n");  // shown() is the caller's duty
void print_json(const Json& value);                           // indented
// On one line. What is not ASCII is escaped in JSON: nothing is lost, and nothing acts on a terminal.
std::string json_line(const Json& value);
void complain(const std::string& line);  // to standard error

// With blanks behind it up to so many columns.
std::string padded(const std::string& text, std::size_t columns);

// Of the text, what fits that many columns; the last one is … where something is left out.
std::string cut(const std::string& text, std::size_t columns);

// A table with its columns aligned. widen(), fit() and table_line() are for one that comes piece by piece.
void print_table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows);
void widen(std::vector<std::size_t>& widths, const std::vector<std::string>& cells);
// Narrows the widest ones until a line has so many columns; none below 8. Cells are then cut.
void fit(std::vector<std::size_t>& widths, std::size_t columns);
std::string table_line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths);

// The members an order has in every JSON answer.
Json order_json(const policy::OrderRecord& record, UnixTime now, policy::Action default_action);

std::string state_word(policy::OrderState state);

std::string time_or(UnixTime t, const char* otherwise);

}  // namespace saring::tool
