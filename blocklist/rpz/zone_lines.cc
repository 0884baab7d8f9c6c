#include "rpz/zone_lines.h"

#include <limits>

#include "base/error.h"

namespace saring::rpz {

void ZoneLines::read_line() {
    if (!ahead_.empty()) {
        raw_ = std::move(ahead_.front());
        ahead_.pop_front();
        if (raw_.kind != Kind::end) ++line_;
        return;
    }
    in_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    auto got = static_cast<std::size_t>(in_.gcount());
    bytes_ += got;
    if (in_.bad())
        throw Error(ErrorKind::usage, msg("zone file"), msg("could not be read to its end"),
                    msg("check the file and its disk"));
    raw_.text.clear();
    raw_.kind = Kind::end;
    if (in_.eof() && got == 0) return;
    ++line_;
    raw_.kind = Kind::line;
    if (in_.fail() && !in_.eof()) {
        in_.clear();
        in_.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
        bytes_ += static_cast<std::uint64_t>(in_.gcount());
        raw_.kind = Kind::too_long;
        return;
    }
    raw_.text.assign(buffer_.data(), in_.eof() ? got : got - 1);
    if (!raw_.text.empty() && raw_.text.back() == '\r') raw_.text.pop_back();
    if (line_ == 1 && raw_.text.rfind("\xef\xbb\xbf", 0) == 0) raw_.text.erase(0, 3);
}

void ZoneLines::take_line(std::string& entry) {
    const auto& text = raw_.text;
    constexpr std::string_view special("\0\\\";#()", 7);
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!quoted) {
            auto plain = std::min(text.find_first_of(special, i), text.size());
            entry.append(text, i, plain - i);
            i = plain;
            if (i == text.size()) break;
        }
        char c = text[i];
        if (c == '\0') fault_ = msg("contains a zero byte");
        if (c == '\\' && i + 1 < text.size()) {
            entry += c;
            entry += text[++i];
            continue;
        }
        if (c == '"') quoted = !quoted;
        if (!quoted) {
            if (c == ';' || (c == '#' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t'))) break;
            if (c == '(' || c == ')') {
                if ((c == '(') == open_)
                    fault_ = c == '(' ? msg("opens a parenthesis within another")
                                      : msg("closes a parenthesis that is not open");
                open_ = c == '(';
                c = ' ';
            }
        }
        entry += c;
    }
    if (quoted) fault_ = msg("has a quote that does not end on its line");
    if (open_) entry += ' ';
}

bool ZoneLines::next(std::string& entry) {
    for (;;) {
        entry.clear();
        fault_ = {};
        open_ = false;
        joined_.clear();
        joined_bytes_ = first_size_ = 0;
        first_ = line_ + 1;
        for (bool first = true; first || (open_ && fault_.empty()); first = false) {
            read_line();
            if (!first) {
                joined_.push_back(raw_);
                joined_bytes_ += raw_.text.size() + 1;
            }
            if (raw_.kind == Kind::end) {
                if (first) return false;
                fault_ = msg("opens a parenthesis that is never closed");
            } else if (raw_.kind == Kind::too_long || joined_bytes_ > max_entry) {
                fault_ = msg("is longer than %1 bytes", max_entry);
            } else {
                take_line(entry);
                if (first) first_size_ = entry.size();
            }
        }
        open_ = false;
        if (entry.size() > max_entry) entry.resize(max_entry);
        if (!fault_.empty() || entry.find_first_not_of(" \t") != std::string::npos) return true;
    }
}

void ZoneLines::give_back() {
    for (const auto& line : joined_)
        if (line.kind != Kind::end) --line_;
    ahead_.insert(ahead_.begin(), std::make_move_iterator(joined_.begin()), std::make_move_iterator(joined_.end()));
    joined_.clear();
}

}  // namespace saring::rpz
