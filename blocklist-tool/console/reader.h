// The reader of a page: language and time zone, and links that keep both.
#pragma once

#include <initializer_list>
#include <map>
#include <string>

#include "base/time.h"
#include "config/console_config.h"
#include "console/http.h"
#include "text/zones.h"

namespace saring::tool::console {

// A console's words in one language, from conf/console as it was when this program was built.
class Words {
public:
    explicit Words(const std::string& language);
    const std::string& operator[](const std::string& key) const;  // the key itself where there is none
    std::string say(const std::string& key,
                    std::initializer_list<std::pair<std::string_view, std::string>> values) const;
    const std::map<std::string, std::string>& all() const { return words_; }

private:
    std::map<std::string, std::string> words_;
};

class Reader {
public:
    // By ?lang= and ?tz=, else the browser's Accept-Language, else the configuration.
    Reader(const Request& request, const config::ConsoleConfig& config, const std::string& display_zone);

    const std::string& language() const { return language_; }
    const Zone& zone() const { return *zone_; }
    const Words& words() const { return *words_; }

    // A link within the console, which keeps what the reader chose.
    std::string link(const std::string& path, Parameters parameters = {}) const;
    const Parameters& chosen() const { return chosen_; }

    std::string number(std::uint64_t n) const;
    std::string time(UnixTime t) const;                     // "2024-02-14 07:00:00", in the zone
    std::string time_of(const std::string& rfc3339) const;  // the same of text; another text stays
    // A typed time as hits::parse_moment() reads it: the zone's offset is added where there is none.
    std::string moment(const std::string& typed, UnixTime now) const;

private:
    std::string language_;
    const Zone* zone_;
    const Words* words_;
    Parameters chosen_;
};

// "page.html", "style.css", "console.js", "words.id.toml", "words.en.toml".
std::string_view shipped_console_file(std::string_view name);

}  // namespace saring::tool::console
