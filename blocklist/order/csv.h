// Rows of a CSV or TSV text (RFC 4180, by libcsv), each with the line it begins on.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace saring {

struct CsvRow {
    std::uint64_t line = 0;  // counted from 1, as an editor does
    std::vector<std::string> cells;
};

// Any line endings and a UTF-8 byte order mark are taken. `delimiter` 0: the one of
// comma, semicolon and tabulator that the first line has most of. Rows without any
// content are left out. Throws Error(usage) naming source and line.
std::vector<CsvRow> read_csv(ByteView text, const std::string& source, char delimiter = 0);

}  // namespace saring
