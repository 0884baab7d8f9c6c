// Runs a comparison, and holds its results.
#pragma once

#include <map>

#include "base/progress.h"
#include "migrate/names.h"
#include "migrate/reason.h"

namespace saring::tool {

struct Finding {
    Candidate asked;
    ObservedAnswer before, after;
    Reason reason;
};

struct Comparison {
    std::size_t names = 0;  // number of names to compare
    std::size_t same = 0;
    std::vector<Finding> differences, undecided;
    std::map<std::string, std::size_t> reasons;  // number of differences by reason code

    std::size_t asked() const { return same + differences.size() + undecided.size(); }
    bool complete() const { return asked() == names; }
    // Some names were equal, none is left to compare, and none differs.
    bool agrees() const { return complete() && differences.empty() && same > 0; }
};

struct CompareOptions {
    bool any_form = false;
    unsigned time_limit = 600;  // seconds
};

// Throws Error(network) if a resolver stops answering.
Comparison compare_sides(AnswerSource& old_side, AnswerSource& saring, Reasons& reasons,
                         const std::vector<Candidate>& names, const CompareOptions& options, Progress& progress);

}  // namespace saring::tool
