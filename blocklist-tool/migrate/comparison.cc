#include "migrate/comparison.h"

namespace saring::tool {
namespace {

Reason undecided(const ObservedAnswer& before, const ObservedAnswer& after) {
    if (before.silent || after.silent)
        return {"no-answer",
                msg("one of them does not answer for it: it drops the query, or the site's own servers do not answer")};
    if (before.verdict == ObservedAnswer::Verdict::unclear && !before.silent && before.said.rfind("SERVFAIL", 0) != 0)
        return {"no-mark", msg("the old one's answer does not show whether it is policy or the site's own, as with "
                               "BIND's add-soa no; compare with --zone or --saring")};
    return {"failure", msg("one of them fails for it, as for a site whose servers are broken")};
}

}  // namespace

Comparison compare_sides(AnswerSource& old_side, AnswerSource& saring, Reasons& reasons,
                         const std::vector<Candidate>& names, const CompareOptions& options, Progress& progress) {
    Comparison out;
    out.names = names.size();
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options.time_limit);
    progress.begin(msg("comparing"), msg("names"), names.size());
    for (const auto& candidate : names) {
        if (std::chrono::steady_clock::now() >= end) break;
        ObservedAnswer before = old_side.see(candidate.name), after = saring.see(candidate.name);
        switch (compare(before, after, options.any_form)) {
            case Compared::same: ++out.same; break;
            case Compared::undecided: {
                auto reason = undecided(before, after);
                out.undecided.push_back({candidate, std::move(before), std::move(after), std::move(reason)});
                break;
            }
            case Compared::differs: {
                auto reason = reasons.of(candidate.name, before, after);
                ++out.reasons[reason.code];
                out.differences.push_back({candidate, std::move(before), std::move(after), std::move(reason)});
                break;
            }
        }
        progress.at(out.asked());
    }
    progress.end();
    return out;
}

}  // namespace saring::tool
