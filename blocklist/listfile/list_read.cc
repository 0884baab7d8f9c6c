#include "listfile/list_read.h"

#include <algorithm>

#include "listfile/cut_line.h"
#include "name/lookup_key.h"

namespace saring::listfile {
namespace {

constexpr std::size_t reasons_in_error = 3;

std::string percent(const list::FormatFit& fit) {
    auto tenths = fit.lines == 0 ? 0 : fit.fitting * 1000 / fit.lines;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

// A zone's records were counted while they were read.
list::FormatFit fit_of_zone(const list::ListContent& list) {
    auto good = list.size() + list.skipped_count;
    return {good + list.bad_count, good};
}

// Suggests the format or kind of file that the text seems to be, if it is not the requested one.
Message seems(const ReadList& content, ListText& text) {
    auto guesses = guess_formats(text.open());
    const auto& best = guesses[0];
    if (best.format != content.list.format && best.fit.fitting * 2 > best.fit.lines)
        return msg("it looks like format %1, which %2 % of the lines fit", to_string(best.format), percent(best.fit));
    if (looks_like_table(text.beginning()))
        return msg("it looks like a table (CSV): a list has one name a line, so extract the column of the sites");
    return {};
}

}  // namespace

ReadList read_list(ListText& text, const ListOptions& options, Progress& progress) {
    ReadList out;
    auto format = list::ListFormat::domains;
    if (options.format == "auto") {
        out.guessed = true;
        auto guesses = guess_formats(text.open());
        text.check_ended();
        format = guesses[0].format;
        out.list.fit = guesses[0].fit;
        if (guesses.size() > 1 && guesses[1].fit.fitting > 0) out.second = guesses[1];
    } else {
        format = list::parse_list_format(options.format);
    }
    auto guessed_fit = out.list.fit;
    auto& in = text.open();
    if (format == list::ListFormat::rpz) {
        if (options.match != policy::Match::subtree)
            throw Error(ErrorKind::usage, "--match", msg("is not for rpz"),
                        msg("each record of a policy zone has its own scope"));
        static_cast<rpz::RpzContent&>(out) = read_rpz_file(in, options.rpz, progress);
        out.list.format = format;
        out.list.fit = out.guessed ? guessed_fit : fit_of_zone(out.list);
    } else {
        auto parsed = parse_list(in, format, options.match, progress);
        out.list = std::move(parsed.list);
        if (!options.whole && !parsed.unfinished.empty()) drop_if_cut(out.list, parsed.unfinished, format);
        const auto& covered = parsed.open_but_covered;
        out.passed_but_covered = covered.size();
        for (std::size_t i = 0; i < std::min<std::size_t>(covered.size(), 5); ++i)
            out.passed_examples.push_back(name_of_key(covered[i]).to_string());
    }
    text.check_ended();
    return out;
}

void require_list(const ReadList& content, ListText& text) {
    const auto& list = content.list;
    const auto& fit = list.fit;
    content.require_landing(ErrorKind::usage, text.source());
    if (fit.lines == 0 && list.size() == 0)
        throw Error(ErrorKind::usage, text.source(), msg("has no names, only comments"),
                    msg("check where it comes from; nothing was changed"));
    // A format chosen by the user may fit badly, and a policy zone's bad records are reported one by one.
    bool misfit = content.guessed ? fit.fitting * 2 <= fit.lines
                                  : list.format != list::ListFormat::rpz && fit.fitting * 2 < fit.lines;
    if (!misfit && list.size() > 0) return;
    auto reasons = tally(list.bad_reasons, reasons_in_error), others = tally(list.skipped_reasons, reasons_in_error);
    if (!reasons.empty() && !others.empty()) reasons = reasons + ", " + others;
    if (reasons.empty()) reasons = others;
    Message why =
        content.guessed && misfit ? msg("fits no list format: %1 of its %2 lines fit the nearest, %3", fit.fitting,
                                        fit.lines, to_string(list.format))
        : list.size() == 0
            ? msg("has no name or address that can be imported in format %1", to_string(list.format))
            : msg("does not fit format %1: %2 of its %3 lines do", to_string(list.format), fit.fitting, fit.lines);
    if (!reasons.empty()) why = why + " (" + reasons + ")";
    Message remedy = seems(content, text);
    throw Error(ErrorKind::usage, text.source(), why,
                (remedy.empty() ? msg("check the list and its format") : remedy) + msg("; nothing was changed"));
}

Message describe_format(const ReadList& content) {
    const auto& list = content.list;
    auto told = msg("format %1, which %2 % of %3 lines fit", to_string(list.format), percent(list.fit), list.fit.lines);
    if (!content.second) return told;
    return told + msg("; %1: %2 %", to_string(content.second->format), percent(content.second->fit));
}

Message tally(const std::map<std::string, list::ReasonCount, std::less<>>& reasons, std::size_t max_shown) {
    std::vector<const list::ReasonCount*> sorted;
    for (const auto& [key, r] : reasons) sorted.push_back(&r);
    std::stable_sort(sorted.begin(), sorted.end(), [](auto a, auto b) { return a->count > b->count; });
    Message out;
    for (std::size_t i = 0; i < std::min(sorted.size(), max_shown); ++i)
        out = (i == 0 ? Message() : out + ", ") + msg("%1 x %2", sorted[i]->count, sorted[i]->reason);
    return out;
}

}  // namespace saring::listfile
