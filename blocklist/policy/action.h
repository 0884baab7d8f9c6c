// Match and policy action: the vocabulary of orders, lists, the ledger and the image.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace saring::policy {

// Persisted; do not renumber.
enum class Match : std::uint8_t {
    subtree = 0,  // the name and every name below it
    exact = 1,    // the name only
    below = 2,    // every name below it, not the name itself: an RPZ "*.name" without "name". Only in lists
};
constexpr Match last_match = Match::below;
constexpr bool covers_itself(Match m) { return m != Match::below; }
constexpr bool covers_below(Match m) { return m != Match::exact; }
// The match that covers what either covers.
constexpr Match unite(Match a, Match b) { return a == b ? a : Match::subtree; }

// The policy action. Persisted; do not renumber.
enum class Action : std::uint8_t {
    nxdomain = 0,  // the name does not exist
    nodata = 1,    // it exists, without records of any type
    refused = 2,   // RCODE 5
    redirect = 3,  // A and AAAA of the landing page
    drop = 4,      // no answer at all
    passthru = 5,  // never block, whatever other orders say
    log = 6,       // record what would have been blocked, change nothing
};

const char* to_string(Match m);
const char* to_string(Action a);
// Throw Error(usage) naming `field` and the accepted words.
Match parse_match(std::string_view text, const std::string& field);
Action parse_action(std::string_view text, const std::string& field);

}  // namespace saring::policy
