// Patterns of names, compared with an exhaustive matcher.
#include "name/name_glob.h"

#include "support.h"

namespace saring::test::name_glob_test {
namespace {

bool fits(std::string_view pattern, std::string_view text) {
    if (pattern.empty()) return text.empty();
    if (pattern[0] == '*') return fits(pattern.substr(1), text) || (!text.empty() && fits(pattern, text.substr(1)));
    return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) && fits(pattern.substr(1), text.substr(1));
}

std::string random_text(Random& random, std::string_view letters, std::size_t max_labels) {
    std::string out;
    for (auto n = random.below(max_labels + 1); n > 0; --n) out += letters[random.below(letters.size())];
    return out;
}

TEST_CASE("A pattern matches like the exhaustive matcher") {
    Random random(31);
    std::size_t fitted = 0;
    for (int i = 0; i < 20000; ++i) {
        auto pattern = random_text(random, "ax*?.", 8), text = random_text(random, "ax.", 10);
        if (pattern.find_first_of("*?") == std::string::npos) continue;
        bool wanted = fits(pattern, text);
        INFO(pattern << " " << text);
        REQUIRE(NameGlob::parse(pattern, "--match").matches(text) == wanted);
        fitted += wanted;
        // A frame without the letters is passed over: every matching name must have them.
        if (wanted) REQUIRE(text.find(NameGlob::parse(pattern, "--match").letters()) != std::string::npos);
    }
    CHECK(fitted > 1000);
}

TEST_CASE("A pattern without stars matches anywhere, ignoring case") {
    auto glob = NameGlob::parse("PemiLu", "--match");
    CHECK(glob.matches("www.hoaks-pemilu.example"));
    CHECK(glob.matches("pemilu"));
    CHECK_FALSE(glob.matches("pemil.example"));
}

TEST_CASE("The letters that a pattern demands are never those of an address or an escaped byte") {
    auto letters = [](const char* pattern) { return std::string(NameGlob::parse(pattern, "--match").letters()); };
    CHECK(letters("*hoaks-pemilu?.test") == "hoaks-pemilu");
    CHECK(letters("pe*milu") == "milu");
    CHECK(letters("site12") == "site");
    CHECK(letters("203.0.113.*").empty());
    CHECK(letters("*fade*").empty());
    CHECK(letters("*.012x") == "x");
}

TEST_CASE("Invalid patterns are refused, and hostile ones take little time") {
    for (const char* text : {"",
                             "b\xc3\xbc"
                             "cher",
                             "a b", "a\n"})
        require_error(ErrorKind::usage, [&] { NameGlob::parse(text, "--match"); }, {"--match"});
    require_error(ErrorKind::usage, [] { NameGlob::parse(std::string(2000, 'a'), "--match"); }, {"--match"});
    std::string stars;
    for (int i = 0; i < 400; ++i) stars += "*a";
    CHECK_FALSE(NameGlob::parse(stars + "*b", "--match").matches(std::string(1000, 'a')));
}

}  // namespace
}  // namespace saring::test::name_glob_test
