// A zone file (RFC 1035 section 5.1) cut into entries: comments gone, parentheses joined,
// quoting and escapes left as they are. Each entry stands by itself, so that a broken one
// is told with its line and the next is read. Memory is bounded by max_entry.
#pragma once

#include <istream>
#include <string>

#include "base/message.h"

namespace saring {

class ZoneLines {
public:
    static constexpr std::size_t max_entry = 65536;  // octets

    explicit ZoneLines(std::istream& in) : in_(in) {}

    // False at the end. Entries that hold nothing but space are left out.
    bool next(std::string& entry);
    // Why the entry of the last next() cannot be read; empty: it can.
    const Message& fault() const { return fault_; }
    std::uint64_t first_line() const { return first_; }  // of that entry
    std::uint64_t line() const { return line_; }         // read so far
    std::uint64_t bytes() const { return bytes_; }

private:
    enum class Read { line, too_long, end };
    Read read_line();
    void take_line(std::string& entry);

    std::istream& in_;
    std::string raw_;
    Message fault_;
    std::uint64_t first_ = 0, line_ = 0, bytes_ = 0;
    bool open_ = false;    // within parentheses
};

}  // namespace saring
