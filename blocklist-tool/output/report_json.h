// A report's figures as JSON, format "saring-report/1", the same as on its page.
#pragma once

#include "output/output.h"
#include "report/figures.h"

namespace saring::tool {

// A suppressed figure is null; `NAME_shown` then says "few" or "withheld".
Json report_json(const report::ReportFigures& figures);

}  // namespace saring::tool
