// Splits a zone file (RFC 1035 section 5.1) into entries: removes comments, joins parentheses, keeps quoting and
// escapes. Entries are independent, so that a bad one is reported with its line and the next one is read. Memory is
// bounded by max_entry.
//
// In addition to the RFC, a "#" at the beginning of a line or after a blank begins a comment, as in the lists that are
// converted to zones: a parenthesis in such a comment must not join the following lines.
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

    // False at the end. Skips blank entries.
    bool next(std::string& entry);
    // Why the entry of the last next() is unreadable; empty if it is readable.
    const Message& fault() const { return fault_; }
    std::uint64_t first_line() const { return first_; }     // of that entry
    std::size_t first_size() const { return first_size_; }  // bytes of the entry from its first line
    std::uint64_t line() const { return line_; }            // number of the last line read
    std::uint64_t bytes() const { return bytes_; }
    // Reads the lines of the last entry after the first one again, each as an entry of its own: lines that a stray
    // parenthesis joined to a bad line are not lost.
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
    std::deque<Line> ahead_;    // lines given back
    std::vector<Line> joined_;  // further lines of the current entry
    std::size_t joined_bytes_ = 0;
    Message fault_;
    std::uint64_t first_ = 0, line_ = 0, bytes_ = 0;
    std::size_t first_size_ = 0;
    bool open_ = false;  // within parentheses
};

}  // namespace saring::rpz
