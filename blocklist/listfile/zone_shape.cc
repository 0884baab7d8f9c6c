#include "listfile/zone_shape.h"

#include <algorithm>
#include <array>
#include <string>

#include "listfile/list_rules.h"

namespace saring::listfile {
namespace {

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return out;
}

bool is_type(const std::string& word) {
    static constexpr std::array<std::string_view, 18> types{"CNAME", "A",     "AAAA", "SOA",   "NS",     "TXT",
                                                            "MX",    "DNAME", "PTR",  "SRV",   "HTTPS",  "SVCB",
                                                            "CAA",   "RRSIG", "NSEC", "NSEC3", "DNSKEY", "DS"};
    return std::find(types.begin(), types.end(), word) != types.end();
}

}  // namespace

void ZoneShape::line(std::string_view text) {
    bool own_owner = !text.empty() && text.front() != ' ' && text.front() != '\t';
    text = trimmed(text.substr(0, text.find(';')));
    if (text.empty()) return;
    ++fit_.lines;
    if (open_) {
        ++fit_.fitting;
        open_ = text.find(')') == std::string_view::npos;
        return;
    }
    auto remaining = text;
    if (text.front() == '$') {
        auto word = upper(next_word(remaining));
        if (word != "$TTL" && word != "$ORIGIN" && word != "$INCLUDE" && word != "$GENERATE") return;
        ++fit_.fitting;
        ++marks_;
        return;
    }
    if (own_owner) next_word(remaining);
    auto word = upper(next_word(remaining));
    for (int before = 0; before < 2 && !word.empty() && (word == "IN" || (word[0] >= '0' && word[0] <= '9')); ++before)
        word = upper(next_word(remaining));
    if (!is_type(word) || trimmed(remaining).empty()) return;
    ++fit_.fitting;
    marks_ += word == "CNAME" || word == "SOA";
    open_ = remaining.find('(') != std::string_view::npos && remaining.find(')') == std::string_view::npos;
}

}  // namespace saring::listfile
