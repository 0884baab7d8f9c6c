// All of doctor's checks, one after the other.
#pragma once

#include "doctor/installation.h"

namespace saring::tool {

Diagnoses examine(Session& session, const DoctorOptions& options, UnixTime now);
Json diagnoses_json(Session& session, const Diagnoses& found, UnixTime now, Say say = in_english);

}  // namespace saring::tool
