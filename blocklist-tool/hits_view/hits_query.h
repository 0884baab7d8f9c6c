// Shared by the hits commands: the filter as typed, and the log that it is applied to.
#pragma once

#include <memory>
#include <string>

#include "hitlog/filter.h"
#include "hits/reader.h"
#include "program/session.h"

namespace saring::tool {

// Which hits are wanted, as typed into a shell or into a page's form. Whatever is set must hold.
struct HitsQuery {
    std::string order, name, match, client, region, action, type, transport, trigger, authority, category, instance,
        since, until;

    // Adds the options that choose hits.
    void add_to(CLI::App& command);
    bool empty() const;
    HitsQuery without_times() const;
    // `by_hour`: a beginning or end that is a day or more ago goes down to the full hour,
    // so that the counts by hour can answer. Opens the database for authority and category alone.
    // Throws Error(usage) naming option and value.
    hitlog::HitFilter filter(Session& session, hitlog::Microseconds now, bool by_hour = false) const;
    // Each field with the option that it is: "--order" without the dashes.
    std::vector<std::pair<const char*, std::string*>> fields();
};

// When nothing was found: which of the filters could not have found anything, e.g. an order that is not in the
// ledger. Empty when none is known to be at fault.
std::vector<Message> why_none(Session& session, const HitsQuery& query, const hits::HitsReader& reader);
// The same as lines on standard error; the command then ends with exit code 1.
void tell_none(Session& session, const HitsQuery& query, const hits::HitsReader& reader);

// The part on times of --help, for the commands' footers.
extern const char* const times_help;

// One look at the hit log. Throws hits::NoHitLog, Error(database).
hits::HitsReader read_hits(Session& session);
// Complains of what could not be read; the command then ends with the exit code of damage, whatever else it found.
void report_damage(Session& session, const hits::HitsReader& reader);

}  // namespace saring::tool
