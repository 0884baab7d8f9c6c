// Tables as text: rows, cells and the lines they begin on.
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

TEST_CASE("Rows end at any line ending and the last needs none") {
    Rows wanted{{1, {"a", "b"}}, {2, {"c", "d"}}};
    for (const char* text : {"a,b\nc,d\n", "a,b\nc,d", "a,b\r\nc,d\r\n", "a,b\rc,d\r",
                             "\xef\xbb\xbf"
                             "a,b\nc,d"})
        CHECK(rows(text) == wanted);
}

TEST_CASE("The delimiter is the one the first line has most of") {
    CHECK(rows("a;b;c,d\n") == Rows{{1, {"a", "b", "c,d"}}});
    CHECK(rows("a\tb\n") == Rows{{1, {"a", "b"}}});
    CHECK(rows("a;b\n", ',') == Rows{{1, {"a;b"}}});
    CHECK(rows("one\n") == Rows{{1, {"one"}}});
}

TEST_CASE("Empty rows are left out and still counted") {
    CHECK(rows("\n a \n,,\n \nb\n") == Rows{{2, {"a"}}, {5, {"b"}}});
}

TEST_CASE("Empty cells of a tab-separated row stay in their place") {
    CHECK(rows("a\t\tb\n\tc\n") == Rows{{1, {"a", "", "b"}}, {2, {"", "c"}}});
}

TEST_CASE("A quoted cell holds delimiters, quotation marks and lines") {
    CHECK(rows("\"a,b\",\"say \"\"x\"\"\"\n\"two\nlines\",y\nz\n") ==
          Rows{{1, {"a,b", "say \"x\""}}, {2, {"two\nlines", "y"}}, {4, {"z"}}});
}

TEST_CASE("A quotation mark that is not closed is refused by its line") {
    require_error(ErrorKind::usage, [] { rows("a\n\"b\nc\n"); }, {"sites.csv:2", "not closed"});
    require_error(ErrorKind::usage, [] { rows("a\nb\"c\n"); }, {"sites.csv:2"});
}

TEST_CASE("What is no UTF-8 table is refused by what it is") {
    require_error(ErrorKind::usage,
                  [] {
                      rows(
                          "\xff\xfe"
                          "a");
                  },
                  {"UTF-16"});
    require_error(ErrorKind::usage, [] { rows("PK\x03\x04zip"); }, {"spreadsheet"});
    require_error(ErrorKind::usage, [] { rows(octets("a\0b")); }, {"zero octet"});
}

TEST_CASE("A text without rows has none") { CHECK(rows("").empty()); }

TEST_CASE("A record written is read as it was, except that no cell is a formula") {
    std::vector<std::string> plain{"a", "", "b,c", "d \"e\"", "two\nlines", "~0", "1-1"};
    CHECK(rows(order::csv_record(plain), ',') == Rows{{1, plain}});
    CHECK(order::csv_record({"a", "b,\"c\""}) == "a,\"b,\"\"c\"\"\"\r\n");
    CHECK(order::csv_record({"=1", "+1", "-1", "@a", "\t=1"}) == "'=1,'+1,'-1,'@a,'\t=1\r\n");
    CHECK(order::csv_record({"\r=1"}) == "\"'\r=1\"\r\n");
}

}  // namespace saring::test::csv_test
