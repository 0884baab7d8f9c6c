// CSV and TSV text (RFC 4180, by libcsv): read as rows, each with the line it begins on; written safely.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace saring::order {

struct CsvRow {
    std::uint64_t line = 0;  // counted from 1, as an editor does
    std::vector<std::string> cells;
};

// Any line endings and a UTF-8 byte order mark are taken. `delimiter` 0: the one of
// comma, semicolon and tabulator that the first line has most of. Rows without any
// content are left out. Throws Error(usage) naming source and line.
std::vector<CsvRow> read_csv(ByteView text, const std::string& source, char delimiter = 0);

// One record of RFC 4180, ended by CRLF. A cell that a spreadsheet would take for a formula
// (it begins with = + - @, a tabulator or a carriage return) gets an apostrophe before it.
std::string csv_record(const std::vector<std::string>& cells);

}  // namespace saring::order
