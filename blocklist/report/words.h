// The report's words in one language, and its times in one zone; from conf/report as it was when this program was
// built.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "base/time.h"
#include "text/zones.h"

namespace saring::report {

class Words {
public:
    // "id" or "en". Throws Error(usage) for another.
    explicit Words(const std::string& language, const Zone& zone = zone_of("UTC"));

    const std::string& language() const { return language_; }
    const std::string& operator[](const std::string& key) const;
    // With {name} replaced. Values go in as they are, in one pass.
    std::string say(const std::string& key,
                    std::initializer_list<std::pair<std::string_view, std::string>> values) const;
    const std::map<std::string, std::string>& all() const { return words_; }

    std::string number(std::uint64_t n) const;
    // In the zone: "14 February 2024, 07:00 WIB", "14 February 2024", "14 Feb", "07:00".
    std::string moment(UnixTime t) const;
    std::string date(UnixTime t) const;
    std::string day(UnixTime t) const;
    std::string clock(UnixTime t) const;
    const char* zone_name() const { return zone_.name; }

private:
    UnixTime local(UnixTime t) const { return t + UnixTime{zone_.hours} * 3600; }

    std::string language_;
    Zone zone_;
    std::map<std::string, std::string> words_;
};

// "page.html", "style.css", "words.id.toml", "words.en.toml"; empty when there is none of the name.
std::string_view shipped_report_file(std::string_view name);

}  // namespace saring::report
