// A report for everybody: aggregates only, small counts suppressed, nothing of subscribers or
// resolvers, listed names only when asked for.
//
// Tables count refused queries only. What a `log` order would have refused is one
// figure beside them: an order with action `log` is known as such, so a table with its hits would tell
// what the others do not. All provinces and all orders stand there, also those without hits, as
// being there or not would say something. Names stand below their order, only where that
// order's own figure is told, and add up to it.
#pragma once

#include "report/figures.h"

namespace saring::report {

// `threshold` at least 2. `names`: by order, from gather_names.
ReportFigures public_figures(ReportFigures figures, std::uint64_t threshold, bool shows_names,
                             const std::vector<ReportName>& names);

}  // namespace saring::report
