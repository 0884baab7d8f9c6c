#include "program/help_formatter.h"

#include <cstring>
#include <memory>
#include <sstream>

#include "program/language.h"

namespace saring::tool {
namespace {

class LocalFormatter : public CLI::Formatter {
public:
    LocalFormatter() {
        for (const char* word : {marked("Usage"), marked("OPTIONS"), marked("SUBCOMMAND"), marked("SUBCOMMANDS"),
                                 marked("Positionals"), marked("REQUIRED"), marked("Needs"), marked("Excludes")})
            label(word, tr(word));
    }
    std::string make_group(std::string group, bool is_positional,
                           std::vector<const CLI::Option*> options) const override {
        return CLI::Formatter::make_group(group == "Options" ? tr("Options") : group, is_positional, options);
    }
    std::string make_subcommands(const CLI::App* app, CLI::AppFormatMode mode) const override {
        std::string out = CLI::Formatter::make_subcommands(app, mode);
        const char* heading = "\nSubcommands:\n";
        if (out.rfind(heading, 0) == 0) out.replace(0, std::strlen(heading), "\n" + tr("Subcommands") + ":\n");
        return out;
    }
};

// Error sentences of CLI11 2.1 with ours for the same values, more specific ones first.
constexpr struct {
    const char *theirs, *ours;
} sentences[] = {
    {"The following argument was not expected: %1", marked("\"%1\" is not expected here")},
    {"The following arguments were not expected: %1", marked("these are not expected here: %1")},
    {"A subcommand is required", marked("a subcommand is missing")},
    {"%1: Value %2 not in range %3 to %4", marked("%1: \"%2\" is not from %3 to %4")},
    {"%1: %2 not in %3", marked("%1: \"%2\" is none of %3")},
    {"%1: At Most 1 required but received %2", marked("%1: is given %2 times, and may be given once")},
    {"%1: At least %2 required but received %3", marked("%1: needs %2 values and has %3")},
    {"%1: %2 required %3 missing", marked("%1: has no value; it needs %2 %3")},
    {"The value %1 is not an allowed value for %2", marked("%2: \"%1\" is not a value of it")},
    {"Could not convert: %1 = %2", marked("%1: \"%2\" is not a number")},
    {"%1 is required", marked("%1 is missing")},
    {"%1 requires %2", marked("%1 needs %2 too")},
    {"%1 excludes %2", marked("%1 and %2 exclude each other")},
};

// Whether `text` matches `format` with its %1, %2 ... in order; then fills `values`.
bool matches(const std::string& text, const char* format, std::vector<Message>& values) {
    std::size_t at = 0;
    values.clear();
    while (*format) {
        if (*format != '%') {
            if (at >= text.size() || text[at] != *format) return false;
            ++at, ++format;
            continue;
        }
        format += 2;
        std::string following(format, std::strcspn(format, "%"));
        auto end = following.empty() ? text.size() : text.find(following, at);
        if (end == std::string::npos) return false;
        values.emplace_back(text.substr(at, end - at));
        at = end;
    }
    return at == text.size();
}

// CLI11 lists arguments that it did not expect from the last to the first.
std::string in_given_order(const std::string& words) {
    std::istringstream in(words);
    std::string out;
    for (std::string word; in >> word;) out = word + (out.empty() ? "" : " " + out);
    return out;
}

}  // namespace

void speak_to_users(CLI::App& app) {
    app.formatter(std::make_shared<LocalFormatter>());
    app.set_help_flag("-h,--help", tr("Print this help message and exit"));
    app.set_version_flag("--version", std::string("blocklist-tool ") + SARING_VERSION,
                         tr("Display program version information and exit"));
}

Message complaint(const CLI::ParseError& e) {
    std::vector<Message> values;
    for (const auto& [theirs, ours] : sentences)
        if (matches(e.what(), theirs, values)) {
            if (std::strstr(theirs, "arguments")) values[0] = in_given_order(values[0].english());
            return {ours, nullptr, 0, values};
        }
    return e.what();
}

}  // namespace saring::tool
