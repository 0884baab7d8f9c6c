#include "name/name_glob.h"

#include <algorithm>

#include "base/error.h"

namespace saring {

NameGlob NameGlob::parse(const std::string& text, const std::string& field) {
    constexpr std::size_t max_length = 1024;  // of a name as text: up to four characters for each octet
    auto is_plain = [](char c) { return c > 0x20 && c < 0x7f; };
    if (text.empty() || text.size() > max_length || !std::all_of(text.begin(), text.end(), is_plain))
        throw Error(ErrorKind::usage, field, msg("\"%1\" is not a pattern for names", text),
                    msg("write part of a name, or the whole with * and ?, e.g. *.hoax.example; an international name "
                        "in its xn-- form"));
    NameGlob out;
    for (char c : text) {
        if (c == '*' && !out.pattern_.empty() && out.pattern_.back() == '*') continue;
        out.pattern_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (out.pattern_.find_first_of("*?") == std::string::npos) out.pattern_ = "*" + out.pattern_ + "*";
    return out;
}

bool NameGlob::matches(std::string_view name) const {
    // On a mismatch only the last star needs to take one character more; earlier stars keep theirs.
    std::size_t at = 0, in = 0, star = std::string::npos, star_from = 0;
    while (in < name.size()) {
        if (at < pattern_.size() && pattern_[at] == '*') {
            star = at++;
            star_from = in;
        } else if (at < pattern_.size() && (pattern_[at] == '?' || pattern_[at] == name[in])) {
            ++at, ++in;
        } else if (star != std::string::npos) {
            at = star + 1;
            in = ++star_from;
        } else {
            return false;
        }
    }
    return pattern_.find_first_not_of('*', at) == std::string::npos;
}

std::string_view NameGlob::letters() const {
    std::string_view longest, all(pattern_);
    auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '-' || c == '_'; };
    for (std::size_t begin = 0; begin < all.size();) {
        std::size_t end = begin;
        while (end < all.size() && is_letter(all[end])) ++end;
        auto run = all.substr(begin, end - begin);
        if (run.size() > longest.size() && run.find_first_not_of("abcdef") != std::string_view::npos) longest = run;
        begin = end + 1;
    }
    return longest;
}

}  // namespace saring
