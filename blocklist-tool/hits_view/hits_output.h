// Hits as lines of a table, as JSON and as CSV, one at a time: millions need no memory.
#pragma once

#include "hitlog/hit.h"
#include "output/output.h"

namespace saring::tool {

// Null for what is not known or not kept; times in microseconds, UTC.
Json hit_json(const hitlog::Hit& hit);

class HitPrinter {
public:
    enum class Format {
        table,
        json,   // an object with the member "hits"
        lines,  // a JSON object a line (NDJSON)
        csv,
    };
    explicit HitPrinter(Format format) : format_(format) {}

    void add(const hitlog::Hit& hit);
    // What waits for its column's width. More may follow.
    void flush();
    // `more`: there are others, left out.
    void end(bool more);
    std::uint64_t printed() const { return printed_; }

private:
    void print_rows();

    Format format_;
    std::uint64_t printed_ = 0;
    std::vector<std::vector<std::string>> rows_;  // not printed yet
    std::vector<std::size_t> widths_;             // of those printed before
};

}  // namespace saring::tool
