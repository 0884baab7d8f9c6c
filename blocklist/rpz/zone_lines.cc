#include "rpz/zone_lines.h"

#include <limits>

#include "base/error.h"

namespace saring {

ZoneLines::Read ZoneLines::read_line() {
    raw_.resize(max_entry + 1);
    in_.getline(raw_.data(), static_cast<std::streamsize>(raw_.size()));
    auto got = static_cast<std::size_t>(in_.gcount());
    bytes_ += got;
    if (in_.bad()) throw Error(ErrorKind::usage, msg("zone file"), msg("could not be read to its end"), msg("check the file and its disk"));
    if (in_.eof() && got == 0) return Read::end;
    ++line_;
    if (in_.fail() && !in_.eof()) {
        in_.clear();
        in_.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
        bytes_ += static_cast<std::uint64_t>(in_.gcount());
        return Read::too_long;
    }
    raw_.resize(in_.eof() ? got : got - 1);
    if (!raw_.empty() && raw_.back() == '\r') raw_.pop_back();
    if (line_ == 1 && raw_.rfind("\xef\xbb\xbf", 0) == 0) raw_.erase(0, 3);
    return Read::line;
}

void ZoneLines::take_line(std::string& entry) {
    bool quoted = false;
    for (std::size_t i = 0; i < raw_.size(); ++i) {
        char c = raw_[i];
        if (c == '\0') fault_ = msg("holds a zero octet");
        if (c == '\\' && i + 1 < raw_.size()) {
            entry += c;
            entry += raw_[++i];
            continue;
        }
        if (c == '"') quoted = !quoted;
        if (!quoted) {
            if (c == ';') break;
            if (c == '(' || c == ')') {
                if ((c == '(') == open_) fault_ = c == '(' ? msg("opens a parenthesis within another") : msg("closes a parenthesis that is not open");
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
        first_ = line_ + 1;
        do {
            auto read = read_line();
            if (read == Read::end) {
                if (!open_) return false;
                fault_ = msg("opens a parenthesis that is never closed");
                open_ = false;
                return true;
            }
            if (read == Read::line) take_line(entry);
            if (read == Read::too_long || entry.size() > max_entry) {
                fault_ = msg("is longer than %1 octets", max_entry);
                open_ = false;
                entry.resize(std::min(entry.size(), max_entry));
                return true;
            }
        } while (open_ && fault_.empty());
        if (!fault_.empty() || entry.find_first_not_of(" \t") != std::string::npos) return true;
    }
}

}  // namespace saring
