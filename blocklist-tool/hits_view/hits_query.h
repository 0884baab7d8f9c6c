// What the hits commands share: the filter as typed, and the log it is put to.
#pragma once

#include <memory>
#include <string>

#include "hitlog/filter.h"
#include "hits/reader.h"
#include "program/session.h"

namespace saring::tool {

struct HitsQuery {
    std::string order, name, client, region, action, instance, since, until;

    // Adds the options that choose hits.
    void add_to(CLI::App& command);
    bool empty() const;
    // `by_hour`: a beginning or end that is a day or more ago goes down to the full hour,
    // so that the counts by hour can answer. Throws Error(usage) naming option and value.
    hitlog::HitFilter filter(hitlog::Microseconds now, bool by_hour = false) const;
};

// What --help says of times, for the commands' footers.
extern const char* const times_help;

// One look at the hit log. Throws hits::NoHitLog, Error(database).
hits::HitsReader read_hits(Session& session);
// Complains of what could not be read; the command then ends with the exit code of damage, whatever else it found.
void report_damage(Session& session, const hits::HitsReader& reader);

}  // namespace saring::tool
