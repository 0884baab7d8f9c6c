// How module, database, feeds and hits fare, in the text exposition format of Prometheus.
#pragma once

#include <string>

#include "program/session.h"

namespace saring::tool {

// What cannot be read is told by saring_database_failing and on standard error; the rest is told all the same.
std::string metrics_text(Session& session, UnixTime now);

}  // namespace saring::tool
