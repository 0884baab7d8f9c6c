// Hits as lines of a table, as JSON and as CSV, one at a time: millions need no memory.
#pragma once

#include "hitlog/hit.h"
#include "output/output.h"

namespace saring::tool {

// Null for what is not known or not kept; times in microseconds, UTC.
Json hit_json(const hitlog::Hit& hit);

// A line of CSV's heads, and of a hit's values.
std::string hit_csv_heads();
std::string hit_csv(const hitlog::Hit& hit);

class HitPrinter {
public:
    enum class Format {
        table,
        json,   // an object with the member "hits"
        lines,  // a JSON object a line (NDJSON)
        csv,
    };
    // `columns`: of a table's line; 0: as wide as it gets.
    explicit HitPrinter(Format format, std::size_t columns = 0) : format_(format), columns_(columns) {}

    void add(const hitlog::Hit& hit);
    // Rows that wait for the width of their columns. More may follow.
    void flush();
    // `more`: further hits were left out.
    void end(bool more);
    std::uint64_t printed() const { return printed_; }

private:
    void print_rows();

    Format format_;
    std::size_t columns_;
    std::uint64_t printed_ = 0;
    std::vector<std::vector<std::string>> rows_;  // not printed yet
    std::vector<std::size_t> widths_;             // of those printed before
};

}  // namespace saring::tool
