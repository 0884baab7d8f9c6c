// Turns a table with one site a row, as officials keep it, into targets. Accepts URLs, blanks, mixed case, "www.",
// international names, duplicates, final dots, and "hxxp" and "[.]" as in reports. No row is dropped silently: each has
// an outcome and the reason.
//
// www.hoax.example stays www.hoax.example: an order blocks what it names, and the note says that hoax.example itself
// stays reachable. A URL of a page is refused, since DNS can only block its whole host; so is a port, a user name or a
// wildcard.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "order/order.h"

namespace saring::order {

struct SiteRow {
    enum class Outcome { taken, duplicate, refused };
    std::uint64_t line = 0;
    std::string text;  // as in the table
    Outcome outcome = Outcome::taken;
    std::optional<DomainTarget> domain;
    std::optional<Prefix> address;
    std::vector<Message> notes;  // what was changed, or is worth knowing
    Message problem;             // why it was refused, and what is accepted

    std::string target() const { return domain ? domain->name.to_string() : address ? address->to_string() : ""; }
};

struct SiteTable {
    std::string column;  // the column that was read: its heading, or its number
    std::vector<SiteRow> rows;
};

// `column`: a heading or a number from 1; empty: the column whose heading means a site in English or Indonesian, else
// the first column whose first cell is a site. Throws Error(usage) when the table or the column cannot be read.
SiteTable read_site_table(ByteView text, const std::string& source, const std::string& column = {});

// One cell, without its place in the table.
SiteRow read_site(const std::string& cell);

}  // namespace saring::order
