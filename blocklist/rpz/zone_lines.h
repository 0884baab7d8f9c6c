// A zone file (RFC 1035 section 5.1) cut into entries: comments gone, parentheses joined,
// quoting and escapes left as they are. Each entry stands by itself, so that a broken one
// is told with its line and the next is read. Memory is bounded by max_entry.
//
// Beyond the RFC a "#" at a line's start or behind a blank opens a comment too, as in the lists that
// become zones: a parenthesis in such a comment must not join what follows.
#pragma once

#include <deque>
#include <istream>
#include <string>
#include <vector>

#include "base/message.h"

namespace saring::rpz {

class ZoneLines {
public:
    static constexpr std::size_t max_entry = 65536;  // bytes

    explicit ZoneLines(std::istream& in) : in_(in), buffer_(max_entry + 1) {}

    // False at the end. Entries that hold nothing but space are left out.
    bool next(std::string& entry);
    // Why the entry of the last next() cannot be read; empty: it can.
    const Message& fault() const { return fault_; }
    std::uint64_t first_line() const { return first_; }     // of that entry
    std::size_t first_size() const { return first_size_; }  // bytes of the entry that are from its first line
    std::uint64_t line() const { return line_; }            // read so far
    std::uint64_t bytes() const { return bytes_; }
    // The lines of the last entry behind its first are read again, each for itself: what a stray
    // parenthesis joined to a broken line is not lost with it.
    void give_back();

private:
    enum class Kind { line, too_long, end };
    struct Line {
        Kind kind = Kind::end;
        std::string text;
    };
    void read_line();
    void take_line(std::string& entry);

    std::istream& in_;
    std::vector<char> buffer_;
    Line raw_;
    std::deque<Line> ahead_;    // given back
    std::vector<Line> joined_;  // to the first line of the entry
    std::size_t joined_bytes_ = 0;
    Message fault_;
    std::uint64_t first_ = 0, line_ = 0, bytes_ = 0;
    std::size_t first_size_ = 0;
    bool open_ = false;  // within parentheses
};

}  // namespace saring::rpz
