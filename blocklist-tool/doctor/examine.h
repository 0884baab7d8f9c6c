// Runs all of doctor's checks in order.
#pragma once

#include "doctor/installation.h"

namespace saring::tool {

Diagnoses examine(Session& session, const DoctorOptions& options, UnixTime now);
Json diagnoses_json(Session& session, const Diagnoses& found, UnixTime now, Say say = in_english);

}  // namespace saring::tool
