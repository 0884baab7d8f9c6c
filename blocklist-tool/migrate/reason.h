// Finds the likely reason why the two sides of a comparison differ for a name.
#pragma once

#include <string>
#include <unordered_map>

#include "migrate/answer_source.h"

namespace saring::tool {

struct Reason {
    const char* code;  // listed in blocklist-tool-migrate(8)
    Message text;      // contains untrusted text
};

// May query the old side further.
class Reasons {
public:
    // `zone` and `database`: where reasons are looked for; null: not available.
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
    // Targets of lifted orders, by the name's wire form. Their entries are no longer in the database, but the signed
    // documents are. Read on first use.
    struct Lifted {
        policy::Match match;
        policy::OrderIndex order;
    };
    std::optional<std::unordered_map<std::string, Lifted>> lifted_;
};

}  // namespace saring::tool
