#include "console/reader.h"

#include <algorithm>

#include "config/toml.h"
#include "text/spoken.h"

namespace saring::tool::console {
namespace {

// The first of "id-ID,id;q=0.9,en;q=0.8" that is spoken here. Browsers send them by rank.
std::string spoken_of(const std::string& accepted, const std::string& otherwise) {
    for (std::size_t at = 0; at < accepted.size();) {
        auto end = std::min(accepted.find(',', at), accepted.size());
        auto begin = accepted.find_first_not_of(" \t", at);
        auto two = begin < end ? accepted.substr(begin, 2) : "";
        char after = begin + 2 < end ? accepted[begin + 2] : ',';
        if ((two == "id" || two == "en") && (after == ',' || after == '-' || after == ';')) return two;
        at = end + 1;
    }
    return otherwise;
}

std::string two_digits(std::int64_t n) { return n < 10 ? "0" + std::to_string(n) : std::to_string(n); }

bool looks_like_date(const std::string& s) {
    return s.size() >= 10 && s.substr(0, 10).find_first_not_of("0123456789-") == std::string::npos && s[4] == '-' &&
           s[7] == '-';
}

}  // namespace

Words::Words(const std::string& language) {
    auto document = toml::parse(shipped_console_file("words." + language + ".toml"));
    for (const auto& [key, value] : document) words_.emplace(std::string(key.str()), value.value_or(std::string()));
}

const std::string& Words::operator[](const std::string& key) const {
    auto at = words_.find(key);
    return at == words_.end() ? key : at->second;
}

std::string Words::say(const std::string& key,
                       std::initializer_list<std::pair<std::string_view, std::string>> values) const {
    std::string_view text = (*this)[key];
    std::string out;
    while (!text.empty()) {
        auto open = text.find('{'), close = text.find('}', open);
        if (open == std::string_view::npos || close == std::string_view::npos) break;
        out += text.substr(0, open);
        for (const auto& [known, value] : values)
            if (known == text.substr(open + 1, close - open - 1)) out += value;
        text.remove_prefix(close + 1);
    }
    return out.append(text);
}

Reader::Reader(const Request& request, const config::ConsoleConfig& config, const std::string& display_zone) {
    static const Words indonesian("id"), english("en");
    auto asked = request.parameter("lang");
    bool chose = asked == "id" || asked == "en";
    language_ = chose ? asked : spoken_of(request.header("accept-language"), config.language);
    if (chose) chosen_["lang"] = asked;
    words_ = language_ == "id" ? &indonesian : &english;
    auto zone = find_zone(request.parameter("tz"));
    if (zone) chosen_["tz"] = zone->name;
    zone_ = zone ? zone : config.time_zone.empty() ? &zone_of(display_zone) : find_zone(config.time_zone);
}

std::string Reader::link(const std::string& path, Parameters parameters) const {
    for (const auto& [name, value] : chosen_) parameters.emplace(name, value);
    return url_of(path, parameters);
}

std::string Reader::number(std::uint64_t n) const { return spoken_number(n, language_); }

std::string Reader::time(UnixTime t) const {
    auto text = format_rfc3339(t + zone_->hours * 3600);
    if (text.size() < 20) return text;
    text[10] = ' ';
    text.pop_back();
    return text;
}

std::string Reader::time_of(const std::string& text) const {
    if (text.size() < 20 || text.back() != 'Z' || text[10] != 'T' || !looks_like_date(text)) return text;
    try {
        auto shown = time(parse_rfc3339(text, "time"));
        return text[19] == '.' ? shown + text.substr(19, 4) : shown;  // milliseconds
    } catch (const std::exception&) { return text; }
}

std::string Reader::moment(const std::string& typed, UnixTime now) const {
    auto offset = zone_->hours == 0 ? std::string("Z") : "+" + two_digits(zone_->hours) + ":00";
    auto day = [&](UnixTime t) { return format_rfc3339(t + zone_->hours * 3600).substr(0, 10) + "T00:00:00" + offset; };
    if (typed == "today") return day(now);
    if (typed == "yesterday") return day(now - day_seconds);
    if (!looks_like_date(typed)) return typed;
    if (typed.size() == 10) return typed + "T00:00:00" + offset;
    auto text = typed;
    if (text[10] == ' ') text[10] = 'T';
    if (text.size() == 16) text += ":00";
    return text.find_first_of("Zz+-", 19) == std::string::npos && text.size() >= 19 ? text + offset : text;
}

}  // namespace saring::tool::console
