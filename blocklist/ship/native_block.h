// Hits as one block of ClickHouse's Native format: names and types of columns, then each
// column's values. Its head says how many rows follow, so a block cut short by a broken
// connection is an error to the server; of formats by row (TSV, JSONEachRow, RowBinary)
// older servers take the rows that came.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "hitlog/hit.h"

namespace saring::ship {

// A column of the table saring_hits. The schema is made of these too.
struct HitColumn {
    const char* name;
    const char* type;     // as ClickHouse writes it
    const char* comment;  // for --print-schema
    void (*write)(ByteWriter& out, const std::string& database_id, const hitlog::Hit& hit);
};
const std::vector<HitColumn>& hit_columns();

Bytes native_block(const std::string& database_id, const std::vector<hitlog::Hit>& hits);

// Seconds since 1970 as DateTime can hold them: 1970 to 2106, what lies outside at the end.
std::uint32_t clickhouse_seconds(hitlog::Microseconds t);

}  // namespace saring::ship
