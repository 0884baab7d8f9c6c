// What the hits commands share: the filter as typed, and the database it is put to.
#pragma once

#include <memory>
#include <string>

#include "hits/filter.h"
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
    hits::HitFilter filter(hits::Microseconds now, bool by_hour = false) const;
};

// What --help says of times, for the commands' footers.
extern const char* const times_help;

std::shared_ptr<hits::HitsDatabase> open_hits(Session& session);

}  // namespace saring::tool
