#include <limits>
#include <set>

#include "report/svg.h"

#include "geo/region_codes.h"
#include "report/words.h"
#include "support.h"
#include "text/spoken.h"

using namespace saring;
using namespace saring::test;

namespace {

constexpr auto largest = std::numeric_limits<std::uint64_t>::max();

report::SvgChart chart(std::vector<report::SvgColumn> columns) {
    return {"c", "Title", "What it shows", std::move(columns), nullptr};
}

std::size_t count_of(const std::string& text, const std::string& what) {
    std::size_t n = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
    return n;
}

}  // namespace

TEST_CASE("chart: the scale ends at or above the largest value, in at most five round steps") {
    CHECK(report::svg_scale(0).top == 1);
    CHECK(report::svg_scale(1).top == 1);
    CHECK((report::svg_scale(7).step == 2 && report::svg_scale(7).top == 8));
    CHECK((report::svg_scale(1234).step == 500 && report::svg_scale(1234).top == 1500));
    Random random(3);
    for (int i = 0; i < 2000; ++i) {
        auto most = static_cast<std::uint64_t>(random.below(1000000000)) << random.below(32);
        auto s = report::svg_scale(most);
        CHECK(s.top >= most);
        CHECK(s.top / s.step <= 5);
    }
    CHECK(report::svg_scale(largest).top == largest);
}

TEST_CASE("chart: no hits, no columns, one column and the largest numbers stay within the picture") {
    for (const auto& svg : {svg_columns(chart({})), svg_columns(chart({{"a", "a", 0, 0, false}})),
                            svg_columns(chart({{"a", "a", 5, 0, false}})),
                            svg_columns(chart({{"a", "a", largest, 0, false}, {"b", "", 1, 0, false}})),
                            svg_columns(chart({{"a", "", 0, largest, false}}))}) {
        CHECK(svg.rfind("<svg", 0) == 0);
        CHECK(svg.find("-") != std::string::npos);
        CHECK(svg.find("=\"-") == std::string::npos);  // no negative length
        CHECK(svg.find("nan") == std::string::npos);
        CHECK(count_of(svg, "<g>") == count_of(svg, "</g>"));
    }
    CHECK(svg_columns(chart({{"a", "", 0, 0, false}})).find("class=\"value\"") == std::string::npos);
    CHECK(svg_columns(chart({{"a", "", 1, 0, false}, {"b", "", largest, 0, false}})).find("height=\"0.3%\"") !=
          std::string::npos);
}

TEST_CASE("chart: a withheld figure has a mark and no height") {
    auto svg = svg_columns(chart({{"a: < 10", "", 0, 0, true}}));
    CHECK(svg.find("class=\"hidden\"") != std::string::npos);
    CHECK(svg.find("class=\"value\"") == std::string::npos);
}

TEST_CASE("chart: labels are text, whatever they contain") {
    auto svg = svg_columns(chart({{"<script>\"", "</svg><b>", 1, 0, false}}));
    CHECK(svg.find("<script>") == std::string::npos);
    CHECK(count_of(svg, "</svg>") == 1);
}

TEST_CASE("report: 38 provinces, each code once, in order") {
    const auto& all = geo::provinces();
    CHECK(all.size() == 38);
    for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i - 1].code < all[i].code);
    CHECK(geo::province_name("ID-PE") == "Papua Pegunungan");
    CHECK(geo::province_name("ID-XX").empty());
}

TEST_CASE("report: both languages have the same words and placeholders") {
    report::Words id("id"), en("en");
    CHECK(id.all().size() == en.all().size());
    auto names = [](const std::string& text) {
        std::multiset<std::string> out;
        for (auto at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1))
            out.insert(text.substr(at, text.find('}', at) - at));
        return out;
    };
    for (const auto& [key, text] : id.all()) {
        INFO(key);
        REQUIRE(en.all().count(key) == 1);
        CHECK(names(text) == names(en[key]));
        CHECK_FALSE(text.empty());
    }
    CHECK(en.say("few", {{"n", "{n}"}}) == "< {n}");
    CHECK_THROWS_AS(report::Words("jv"), Error);
}

TEST_CASE("report: every word that the page uses exists") {
    std::string page(report::shipped_report_file("page.html"));
    report::Words words("id");
    for (auto at = page.find("{{w."); at != std::string::npos; at = page.find("{{w.", at + 1)) {
        auto key = page.substr(at + 4, page.find("}}", at) - at - 4);
        INFO(key);
        CHECK(words.all().count(key) == 1);
    }
}

TEST_CASE("spoken: numbers, shares and times in each language's notation") {
    CHECK(spoken_number(1234567, "id") == "1.234.567");
    CHECK(spoken_number(123, "en") == "123");
    CHECK(spoken_number(largest, "en") == "18,446,744,073,709,551,615");
    CHECK(spoken_share(1, 3, "id") == "33,3 %");
    CHECK(spoken_share(1, 100000, "en") == "< 0.1 %");
    CHECK(spoken_share(largest, largest, "en") == "100.0 %");
    CHECK(spoken_share(0, 0, "en") == "0.0 %");
    CHECK(spoken_utc(1707868800, "id") == "14 Februari 2024 pukul 00.00 UTC");
    CHECK(spoken_utc(1707868800, "en") == "14 February 2024, 00:00 UTC");
}
