// A report as one HTML page: no script, nothing asked of any server, a content security
// policy that allows its own style alone. Whatever orders, lists and resolvers said goes through
// text/html.h. The same figures give the same bytes.
#pragma once

#include "base/bytes.h"
#include "report/figures.h"
#include "report/words.h"

namespace saring::report {

// `most`: orders shown with their texts, and late orders.
Bytes report_page(const ReportFigures& figures, const Words& words, std::size_t most);

// A figure as shown: "1.234", "< 10", "ditahan".
std::string figure_text(const Figure& figure, std::uint64_t threshold, const Words& words);

}  // namespace saring::report
