#include "listfile/list_lines.h"

#include <cstring>

#include "base/error.h"

namespace saring::listfile {
namespace {

constexpr std::size_t buffer_size = 1 << 16;
static_assert(buffer_size > 2 * max_line);

}  // namespace

ListLines::ListLines(std::istream& in) : in_(in), buffer_(buffer_size) {}

bool ListLines::fill() {
    if (done_) return false;
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    in_.read(buffer_.data() + end_, static_cast<std::streamsize>(buffer_.size() - end_));
    if (in_.bad())
        throw Error(ErrorKind::usage, msg("list"), msg("could not be read to its end"),
                    msg("check the file and its disk"));
    end_ += static_cast<std::size_t>(in_.gcount());
    done_ = in_.eof();
    return in_.gcount() > 0;
}

bool ListLines::next() {
    too_long_ = false;
    std::size_t searched = 0;
    const char* found = nullptr;
    for (;;) {
        auto size = end_ - begin_;
        found = size > searched
                    ? static_cast<const char*>(std::memchr(buffer_.data() + begin_ + searched, '\n', size - searched))
                    : nullptr;
        if (found) break;
        if (size > max_line + 1) {  // one more for a carriage return; skip the rest of the line
            too_long_ = true;
            bytes_ += size;
            begin_ = end_;
        }
        searched = end_ - begin_;
        if (!fill()) break;
    }
    auto size = found ? static_cast<std::size_t>(found - (buffer_.data() + begin_)) : end_ - begin_;
    if (!found && size == 0 && !too_long_) return false;
    text_ = {buffer_.data() + begin_, size};
    begin_ += size + (found ? 1 : 0);
    bytes_ += size + (found ? 1 : 0);
    ++number_;
    ended_ = found || (!text_.empty() && text_.back() == '\r');
    if (!text_.empty() && text_.back() == '\r') text_.remove_suffix(1);
    if (text_.size() > max_line) too_long_ = true;
    if (too_long_) text_ = {};
    while (text_.substr(0, 3) == "\xef\xbb\xbf") text_.remove_prefix(3);
    return true;
}

}  // namespace saring::listfile
