// CSV tables: rows, cells and line numbers.
#include "order/csv.h"

#include "support.h"

namespace saring::test::csv_test {
namespace {

using Rows = std::vector<std::pair<std::uint64_t, std::vector<std::string>>>;

Rows rows(const std::string& text, char delimiter = 0) {
    Rows out;
    for (const auto& r : order::read_csv(text, "sites.csv", delimiter)) out.emplace_back(r.line, r.cells);
    return out;
}

}  // namespace

TEST_CASE("Rows end at any line end, which the last row may lack") {
    Rows wanted{{1, {"a", "b"}}, {2, {"c", "d"}}};
    for (const char* text : {"a,b\nc,d\n", "a,b\nc,d", "a,b\r\nc,d\r\n", "a,b\rc,d\r",
                             "\xef\xbb\xbf"
                             "a,b\nc,d"})
        CHECK(rows(text) == wanted);
}

TEST_CASE("The delimiter is the most frequent one in the first line") {
    CHECK(rows("a;b;c,d\n") == Rows{{1, {"a", "b", "c,d"}}});
    CHECK(rows("a\tb\n") == Rows{{1, {"a", "b"}}});
    CHECK(rows("a;b\n", ',') == Rows{{1, {"a;b"}}});
    CHECK(rows("one\n") == Rows{{1, {"one"}}});
}

TEST_CASE("Empty rows are left out but counted in line numbers") {
    CHECK(rows("\n a \n,,\n \nb\n") == Rows{{2, {"a"}}, {5, {"b"}}});
}

TEST_CASE("Empty cells of a tab-separated row keep their positions") {
    CHECK(rows("a\t\tb\n\tc\n") == Rows{{1, {"a", "", "b"}}, {2, {"", "c"}}});
}

TEST_CASE("A quoted cell may contain delimiters, quotation marks and line breaks") {
    CHECK(rows("\"a,b\",\"say \"\"x\"\"\"\n\"two\nlines\",y\nz\n") ==
          Rows{{1, {"a,b", "say \"x\""}}, {2, {"two\nlines", "y"}}, {4, {"z"}}});
}

TEST_CASE("An unclosed quotation mark is refused with its line") {
    require_error(ErrorKind::usage, [] { rows("a\n\"b\nc\n"); }, {"sites.csv:2", "not closed"});
    require_error(ErrorKind::usage, [] { rows("a\nb\"c\n"); }, {"sites.csv:2"});
}

TEST_CASE("A file that is not a UTF-8 table is refused with its kind") {
    require_error(ErrorKind::usage,
                  [] {
                      rows(
                          "\xff\xfe"
                          "a");
                  },
                  {"UTF-16"});
    require_error(ErrorKind::usage, [] { rows("PK\x03\x04zip"); }, {"spreadsheet"});
    require_error(ErrorKind::usage, [] { rows(octets("a\0b")); }, {"zero byte"});
}

TEST_CASE("A text without rows has none") { CHECK(rows("").empty()); }

TEST_CASE("A written record is read back the same, except that no cell is a formula") {
    std::vector<std::string> plain{"a", "", "b,c", "d \"e\"", "two\nlines", "~0", "1-1"};
    CHECK(rows(order::csv_record(plain), ',') == Rows{{1, plain}});
    CHECK(order::csv_record({"a", "b,\"c\""}) == "a,\"b,\"\"c\"\"\"\r\n");
    CHECK(order::csv_record({"=1", "+1", "-1", "@a", "\t=1"}) == "'=1,'+1,'-1,'@a,'\t=1\r\n");
    CHECK(order::csv_record({"\r=1"}) == "\"'\r=1\"\r\n");
}

}  // namespace saring::test::csv_test
