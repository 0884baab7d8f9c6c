// CSV and TSV (RFC 4180, with libcsv): reads rows with the line on which each begins; writes safely.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace saring::order {

struct CsvRow {
    std::uint64_t line = 0;  // from 1, as in an editor
    std::vector<std::string> cells;
};

// Accepts any line ends and a UTF-8 byte order mark. `delimiter` 0: comma, semicolon or tab, whichever is most frequent
// in the first line. Empty rows are left out. Throws Error(usage) naming source and line.
std::vector<CsvRow> read_csv(ByteView text, const std::string& source, char delimiter = 0);

// One record of RFC 4180, ending in CRLF. A cell that a spreadsheet would take for a formula (it begins with = + - @, a
// tab or a carriage return) gets an apostrophe in front.
std::string csv_record(const std::vector<std::string>& cells);

}  // namespace saring::order
