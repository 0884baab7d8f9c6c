// Hits as one block of ClickHouse's Native format: names and types of columns, then each column's values. The header
// has the number of rows, so the server refuses a block truncated by a broken connection; in row formats (TSV,
// JSONEachRow, RowBinary) older servers accept the rows that arrived.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "hitlog/hit.h"

namespace saring::ship {

// A column of the table saring_hits; the schema is generated from these too.
struct HitColumn {
    const char* name;
    const char* type;     // in ClickHouse's notation
    const char* comment;  // for --print-schema
    void (*write)(ByteWriter& out, const std::string& database_id, const hitlog::Hit& hit);
};
const std::vector<HitColumn>& hit_columns();

Bytes native_block(const std::string& database_id, const std::vector<hitlog::Hit>& hits);

// Seconds since 1970 for DateTime, clamped to 1970 to 2106.
std::uint32_t clickhouse_seconds(hitlog::Microseconds t);

}  // namespace saring::ship
