#include "import/list_parse.h"

#include <algorithm>
#include <array>

#include "import/list_rules.h"
#include "import/zone_shape.h"
#include "name/host_name.h"

namespace saring {
namespace {

// The simpler format first: of two that fit alike it is the one.
constexpr std::array<std::pair<const char*, ListFormat>, 6> format_words{{{"domains", ListFormat::domains},
                                                                          {"hosts", ListFormat::hosts},
                                                                          {"rpz", ListFormat::rpz},
                                                                          {"dnsmasq", ListFormat::dnsmasq},
                                                                          {"unbound", ListFormat::unbound},
                                                                          {"adblock", ListFormat::adblock}}};

void read_line(const ListLines& lines, ListRules& rules, ListSink& sink) {
    sink.begin(lines.number(), lines.text());
    if (lines.too_long()) {
        sink.bad(msg("is longer than %1 bytes", max_line));
    } else if (auto text = trimmed(lines.text()); !text.empty()) {
        if (text.find('\0') != std::string_view::npos) sink.bad(msg("has a zero byte"));
        else rules.line(text, sink);
    }
    sink.end();
}

// A format that is tried on a text.
struct Trial {
    explicit Trial(ListFormat f) : format(f), rules(make_list_rules(f)), sink(nothing, Match::subtree, true) {}
    ListFormat format;
    std::unique_ptr<ListRules> rules;
    ListContent nothing;
    ListSink sink;
};

// The three kinds of lines that most lists consist of: which formats they fit is known without asking each.
class PlainLines {
public:
    bool take(std::string_view text) {
        constexpr std::string_view nowhere = "0.0.0.0 ";
        if (text.empty() || text.back() == '.') return false;
        if (parse_plain_host(text, name_)) return ++names_;
        if (text.substr(0, nowhere.size()) == nowhere && parse_plain_host(text.substr(nowhere.size()), name_))
            return ++hosts_;
        return text.size() > 3 && text.substr(0, 2) == "||" && text.back() == '^' &&
               parse_plain_host(text.substr(2, text.size() - 3), name_) && ++rules_;
    }
    void add_to(FormatGuess& guess) const {
        guess.fit.lines += names_ + hosts_ + rules_;
        if (guess.format == ListFormat::domains) guess.fit.fitting += names_;
        if (guess.format == ListFormat::hosts) guess.fit.fitting += hosts_;
        if (guess.format != ListFormat::adblock) return;
        guess.fit.fitting += names_ + hosts_ + rules_;
        guess.marks += rules_;
    }

private:
    OwnerName name_;
    std::uint64_t names_ = 0, hosts_ = 0, rules_ = 0;
};

}  // namespace

const char* to_string(ListFormat format) {
    for (const auto& [word, f] : format_words)
        if (f == format) return word;
    return "?";
}

ListFormat parse_list_format(const std::string& text) {
    for (const auto& [word, format] : format_words)
        if (text == word) return format;
    if (text == "wildcards" || text == "wildcard") return ListFormat::domains;
    throw Error(ErrorKind::usage, "--format", msg("\"%1\" is no list format", text),
                msg("write hosts, domains, rpz, adblock, dnsmasq, unbound, wildcards or auto"));
}

ParsedList parse_list(std::istream& in, ListFormat format, Match match, Progress& progress) {
    ParsedList out;
    out.list.format = format;
    ListSink sink(out.list, match, false);
    auto rules = make_list_rules(format);
    ListLines lines(in);
    while (lines.next()) {
        if (lines.number() % 8192 == 0) progress.at(lines.bytes());
        read_line(lines, *rules, sink);
        if (!lines.ended()) out.unfinished = lines.text();
    }
    out.list.lines = lines.number();
    out.open_but_covered = sink.finish();
    return out;
}

std::vector<FormatGuess> guess_formats(std::istream& in) {
    std::vector<std::unique_ptr<Trial>> trials;
    ZoneShape zone;
    PlainLines plain;
    for (const auto& [word, format] : format_words)
        if (format != ListFormat::rpz) trials.push_back(std::make_unique<Trial>(format));
    ListLines lines(in);
    while (lines.next()) {
        if (!zone.is_open() && plain.take(lines.text())) continue;
        for (auto& t : trials) read_line(lines, *t->rules, t->sink);
        if (!lines.too_long()) zone.line(lines.text());
    }
    std::vector<FormatGuess> out;
    for (const auto& [word, format] : format_words) {
        if (format == ListFormat::rpz) {
            out.push_back({format, zone.fit(), zone.marks()});
            plain.add_to(out.back());
            continue;
        }
        auto& trial =
            **std::find_if(trials.begin(), trials.end(), [f = format](const auto& t) { return t->format == f; });
        out.push_back({format, trial.sink.fit(), trial.sink.marks()});
        plain.add_to(out.back());
    }
    // Most formats also have lines as others have them: only lines of their own speak for them.
    std::erase_if(out, [](const FormatGuess& g) {
        return g.marks == 0 && g.format != ListFormat::domains && g.format != ListFormat::hosts;
    });
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.fit.fitting > b.fit.fitting; });
    return out;
}

}  // namespace saring
