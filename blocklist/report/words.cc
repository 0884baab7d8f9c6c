#include "report/words.h"

#include "base/error.h"
#include "config/toml.h"
#include "text/spoken.h"

namespace saring::report {

Words::Words(const std::string& language, const Zone& zone) : language_(language), zone_(zone) {
    auto text = shipped_report_file("words." + language + ".toml");
    if (text.empty())
        throw Error(ErrorKind::usage, "--language", msg("\"%1\" is none that reports are written in", language),
                    msg("give id or en"));
    auto document = toml::parse(text);
    for (const auto& [key, value] : document) words_.emplace(std::string(key.str()), value.value_or(std::string()));
}

const std::string& Words::operator[](const std::string& key) const { return words_.at(key); }

std::string Words::say(const std::string& key,
                       std::initializer_list<std::pair<std::string_view, std::string>> values) const {
    std::string_view text = words_.at(key);
    std::string out;
    while (!text.empty()) {
        auto open = text.find('{'), close = text.find('}', open);
        if (open == std::string_view::npos || close == std::string_view::npos) break;
        out += text.substr(0, open);
        auto name = text.substr(open + 1, close - open - 1);
        for (const auto& [known, value] : values)
            if (known == name) out += value;
        text.remove_prefix(close + 1);
    }
    return out.append(text);
}

std::string Words::number(std::uint64_t n) const { return spoken_number(n, language_); }

std::string Words::moment(UnixTime t) const {
    return date(t) + (language_ == "id" ? " pukul " : ", ") + clock(t) + " " + zone_.name;
}
std::string Words::date(UnixTime t) const { return spoken_date(local(t), language_); }
std::string Words::day(UnixTime t) const { return spoken_day(local(t), language_); }
std::string Words::clock(UnixTime t) const { return spoken_clock(local(t), language_); }

}  // namespace saring::report
