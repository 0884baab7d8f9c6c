// A report's figures in JSON, of the kind "saring-report/1": the same as its page tells.
#pragma once

#include "output/output.h"
#include "report/figures.h"

namespace saring::tool {

// A figure that is not told is null, and its mark stands in `NAME_shown`: "few" or "withheld".
Json report_json(const report::ReportFigures& figures);

}  // namespace saring::tool
