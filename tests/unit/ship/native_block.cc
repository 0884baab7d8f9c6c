// ClickHouse's Native format.
#include "ship/native_block.h"
#include "../hitlog/hitlog_support.h"

namespace saring::test::ship_native_block_test {

TEST_CASE("A native block has its columns and rows, each column with name and type") {
    Random random(1);
    auto hits = hitlog::test::random_hits(random, 300);
    auto block = ship::native_block("0123456789abcdef", hits);
    CHECK(block.substr(0, 3) == Bytes("\x10\xac\x02"));  // 16 columns, 300 rows
    CHECK(block.substr(3, 19) == Bytes("\x0b"
                                       "database_id"
                                       "\x06"
                                       "String"));
    CHECK(block.substr(22, 17) == Bytes("\x10"
                                        "0123456789abcdef"));
}

TEST_CASE("Times outside DateTime's range are clamped") {
    CHECK(ship::clickhouse_seconds(0) == 0);
    CHECK(ship::clickhouse_seconds(-1) == 0);
    CHECK(ship::clickhouse_seconds(1'999'999) == 1);
    CHECK(ship::clickhouse_seconds(std::numeric_limits<hitlog::Microseconds>::max()) == 4294967295u);
    CHECK(ship::clickhouse_seconds(std::numeric_limits<hitlog::Microseconds>::min()) == 0);
}

}  // namespace saring::test::ship_native_block_test
