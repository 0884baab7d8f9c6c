// Output of commands. Text from orders and lists is untrusted: shown() replaces everything that could control a
// terminal.
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

void print(const std::string& line, const char* end = "\n");  // the caller applies shown() to untrusted text
void print_json(const Json& value);                           // indented
// On one line. JSON output is ASCII, with escapes, so that it cannot control a terminal.
std::string json_line(const Json& value);
void complain(const std::string& line);  // to standard error

// Pads the text with spaces to `columns`.
std::string padded(const std::string& text, std::size_t columns);

// Truncates the text to `columns`; the last column is then "…".
std::string cut(const std::string& text, std::size_t columns);

// Prints a table with aligned columns. widen(), fit() and table_line() are for tables whose rows arrive one by one.
void print_table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows);
void widen(std::vector<std::size_t>& widths, const std::vector<std::string>& cells);
// Narrows the widest columns, to 8 at least, until a line fits; longer cells are then truncated.
void fit(std::vector<std::size_t>& widths, std::size_t columns);
std::string table_line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths);

// The members of an order in all JSON output.
Json order_json(const policy::OrderRecord& record, UnixTime now, policy::Action default_action);

std::string state_word(policy::OrderState state);

std::string time_or(UnixTime t, const char* otherwise);

// OrderRecord::expires; null and "never" for a local entry without an end.
Json end_json(UnixTime expires);
std::string shown_end(UnixTime expires);

}  // namespace saring::tool
