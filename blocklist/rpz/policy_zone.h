// A response policy zone and its answers, as given by the resolvers that load it.
//
// It answers like any DNS zone (RFC 1034 section 4.3.3): a name's own record, else the wildcard at its closest
// encloser, the longest ancestor that exists in the zone. Hence `*.x` does not cover x, and a longer listed name
// shields its siblings (rpz/tree.h). BIND behaves exactly so; Unbound (1.17) also applies a wildcard to a name that
// exists only because of names below it.
//
// Takes about 20 bytes a record plus its name. Thread-safe once it is filled.
#pragma once

#include <istream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rpz/zone_file.h"

namespace saring::rpz {

struct ZoneAnswer {
    RpzAction action = RpzAction::none;
    std::vector<std::string> targets;  // redirect targets, sorted
};

class PolicyZone {
public:
    void add(const RpzPolicy& policy);
    // Call after the last add() and before any look-up.
    void finish();

    // Number of names and wildcards, in the order of lookup keys.
    std::size_t size() const { return records_.size(); }
    OwnerName name(std::size_t i) const;
    bool wildcard(std::size_t i) const { return records_[i].wildcard; }

    // The zone's answer for the name; action none: no record applies.
    const ZoneAnswer& ask(const OwnerName& name) const;
    // The record at exactly that name, or at `*.name`; null: none.
    const ZoneAnswer* at(const OwnerName& name, bool wildcard) const;
    // The longest ancestor of the name, or the name itself, that exists in the zone, if only because of names below it.
    OwnerName closest_encloser(const OwnerName& name) const;

private:
    struct Record {
        std::uint64_t at;
        std::uint32_t answer;
        std::uint16_t size;
        bool wildcard;
    };
    ByteView key(const Record& r) const { return {arena_.data() + r.at, r.size}; }
    std::uint32_t interned(ZoneAnswer answer);
    std::size_t first_not_below(ByteView key, bool wildcard) const;

    Bytes arena_;
    std::vector<Record> records_;
    std::vector<ZoneAnswer> answers_{ZoneAnswer{}};
    std::map<std::pair<RpzAction, std::vector<std::string>>, std::uint32_t> places_;  // of answers_
};

struct PolicyZoneFile {
    PolicyZone zone;
    std::uint64_t unread = 0;  // records that could not be parsed
};

// Throws Error(usage): the origin is not a name, or the file has no record about a name.
PolicyZoneFile read_policy_zone(std::istream& in, const std::string& origin, const std::string& source,
                                Progress& progress);

}  // namespace saring::rpz
