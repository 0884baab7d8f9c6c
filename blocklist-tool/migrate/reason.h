// Why the two sides of a comparison differ over a name, as far as can be told.
#pragma once

#include <string>
#include <unordered_map>

#include "migrate/answer_source.h"

namespace saring::tool {

struct Reason {
    const char* code;  // the manual page lists them
    Message text;      // holds foreign text
};

// Asks further questions of the old side now and then.
class Reasons {
public:
    // `zone` and `database` are what reasons are looked for in; null: not at hand.
    Reasons(AnswerSource& old_side, AnswerSource& saring, const rpz::PolicyZone* zone, const DatabaseSource* database)
        : old_(old_side), saring_(saring), zone_(zone), database_(database) {}

    Reason of(const OwnerName& name, const ObservedAnswer& before, const ObservedAnswer& after);

private:
    Reason not_blocked(const OwnerName& name, const ObservedAnswer& before);
    Reason only_saring(const OwnerName& name, const ObservedAnswer& after);
    Reason other_form(const OwnerName& name, const ObservedAnswer& before, const ObservedAnswer& after) const;
    std::optional<Reason> revoked(const OwnerName& name);
    std::optional<Reason> quarantined(const OwnerName& name) const;
    bool old_blocks(const OwnerName& name) { return old_.see(name).verdict == ObservedAnswer::Verdict::blocked; }

    AnswerSource& old_;
    AnswerSource& saring_;
    const rpz::PolicyZone* zone_;
    const DatabaseSource* database_;
    // What orders that were lifted had listed, by names' wire form: the entries are gone from the
    // database, the signed documents are not. Read when first asked for.
    struct Lifted {
        policy::Match match;
        policy::OrderIndex order;
    };
    std::optional<std::unordered_map<std::string, Lifted>> lifted_;
};

}  // namespace saring::tool
