#include "listfile/list_parse.h"

#include <algorithm>

#include "hostname/host_name.h"
#include "listfile/list_rules.h"
#include "listfile/zone_shape.h"

namespace saring::listfile {
namespace {

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

// A format being tried on a text.
struct Trial {
    explicit Trial(list::ListFormat f)
        : format(f), rules(make_list_rules(f)), sink(nothing, policy::Match::subtree, true) {}
    list::ListFormat format;
    std::unique_ptr<ListRules> rules;
    list::ListContent nothing;
    ListSink sink;
};

// The three kinds of lines of which most lists consist: for these the matching formats are known without trying them.
class PlainLines {
public:
    bool take(std::string_view text) {
        constexpr std::string_view nowhere = "0.0.0.0 ";
        if (text.empty() || text.back() == '.') return false;
        if (hostname::parse_plain_host(text, name_)) return ++names_;
        if (text.substr(0, nowhere.size()) == nowhere && hostname::parse_plain_host(text.substr(nowhere.size()), name_))
            return ++hosts_;
        return text.size() > 3 && text.substr(0, 2) == "||" && text.back() == '^' &&
               hostname::parse_plain_host(text.substr(2, text.size() - 3), name_) && ++rules_;
    }
    void add_to(FormatGuess& guess) const {
        guess.fit.lines += names_ + hosts_ + rules_;
        if (guess.format == list::ListFormat::domains) guess.fit.fitting += names_;
        if (guess.format == list::ListFormat::hosts) guess.fit.fitting += hosts_;
        if (guess.format != list::ListFormat::adblock) return;
        guess.fit.fitting += names_ + hosts_ + rules_;
        guess.marks += rules_;
    }

private:
    OwnerName name_;
    std::uint64_t names_ = 0, hosts_ = 0, rules_ = 0;
};

}  // namespace

ParsedList parse_list(std::istream& in, list::ListFormat format, policy::Match match, Progress& progress) {
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
    for (auto format : list::list_formats)
        if (format != list::ListFormat::rpz) trials.push_back(std::make_unique<Trial>(format));
    ListLines lines(in);
    while (lines.next()) {
        if (!zone.is_open() && plain.take(lines.text())) continue;
        for (auto& t : trials) read_line(lines, *t->rules, t->sink);
        if (!lines.too_long()) zone.line(lines.text());
    }
    std::vector<FormatGuess> out;
    for (auto format : list::list_formats) {
        if (format == list::ListFormat::rpz) {
            out.push_back({format, zone.fit(), zone.marks()});
            plain.add_to(out.back());
            continue;
        }
        auto& trial =
            **std::find_if(trials.begin(), trials.end(), [f = format](const auto& t) { return t->format == f; });
        out.push_back({format, trial.sink.fit(), trial.sink.marks()});
        plain.add_to(out.back());
    }
    // Most formats also accept lines of other formats: a format needs lines that are specific to it.
    std::erase_if(out, [](const FormatGuess& g) {
        return g.marks == 0 && g.format != list::ListFormat::domains && g.format != list::ListFormat::hosts;
    });
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.fit.fitting > b.fit.fitting; });
    return out;
}

}  // namespace saring::listfile
