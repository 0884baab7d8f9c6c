// The lines of a text, in bounded memory. Line ends are LF or CRLF; the last one may be missing. A byte order mark at
// the beginning of any line is removed, since files are concatenated.
#pragma once

#include <istream>
#include <string_view>
#include <vector>

namespace saring::listfile {

constexpr std::size_t max_line = 4096;  // bytes; a longer line is bad

class ListLines {
public:
    explicit ListLines(std::istream& in);

    // False at the end. Throws Error(usage) when the text cannot be read to its end.
    bool next();
    std::string_view text() const { return text_; }  // until the next call; empty when too long
    bool ended() const { return ended_; }            // the line has a line end
    bool too_long() const { return too_long_; }
    std::uint64_t number() const { return number_; }  // from 1
    std::uint64_t bytes() const { return bytes_; }    // read so far, including this line

private:
    bool fill();

    std::istream& in_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0, end_ = 0;
    std::string_view text_;
    std::uint64_t number_ = 0, bytes_ = 0;
    bool too_long_ = false, ended_ = false, done_ = false;
};

}  // namespace saring::listfile
