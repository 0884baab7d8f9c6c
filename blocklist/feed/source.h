// A feed of any kind, as `sync` sees it. The URL's scheme chooses the kind:
//
//   https:// file:// http://   a signed feed (feed/FORMAT.md): feed/signed_source.cc
//   list+https:// and so on    a list in one file: feed/list_source.cc
//   axfr://                    a policy zone from a name server: feed/zone_source.cc
//
// Another kind is a class below Source and a line in the table of source.cc.
//
// sync (feed/sync.h) runs a source in two steps: fetch() talks to the network, as long
// as it takes, without holding the database; apply() then puts all that is new into one
// transaction. What throws in either step leaves the database as it was; sync records
// the failure. A single order or name that a rule refuses is not a failure of the feed:
// it goes into the report and the rest applies.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "config/config.h"
#include "ledger/database.h"
#include "ledger/feed_state.h"
#include "ledger/lifts.h"
#include "ledger/writer.h"

namespace saring::feed {

struct SourceContext {
    const config::Config& config;
    const config::FeedConfig& feed;
    std::shared_ptr<ledger::Database> database;  // to look up what is there; never held while waiting
    UnixTime now;
    Progress& progress;
    bool full = false;  // fetch all anew, whatever is known of it
};

struct SyncItem {
    enum class Outcome {
        applied,
        already,      // it was in the database
        later,        // it revokes others from a time to come on; a sync after that applies it
        refused,      // by a rule or for want of trust: see kind and why
        unpublished,  // was in the feed before, is no longer: kept, until it expires or is revoked
    };
    Outcome outcome;
    std::string order;  // its id
    std::string place;  // its path in the feed
    ErrorKind kind = ErrorKind::refused;
    Message why;
    std::vector<ledger::HeldTarget> held = {};  // by a safety rule, of an order just applied
    bool nothing_left = false;                  // all of it is held
    std::vector<ledger::IdleLift> idle = {};    // of an order just applied: its lifts that lift nothing
};
const char* to_string(SyncItem::Outcome outcome);

struct SyncReport {
    std::string feed, url, kind;
    bool unchanged = false;  // the feed's content is what it was last time
    bool dry_run = false;
    ledger::FeedState state;  // after it
    std::uint64_t bytes = 0;  // that were transferred
    std::uint64_t names_added = 0, names_removed = 0, addresses_added = 0, addresses_removed = 0;
    std::uint64_t serial = 0;                          // of the database, after it
    std::vector<SyncItem> items;                       // of a large list: only what is out of the ordinary
    std::vector<Message> notes;                        // what else people should know of it
    std::optional<Error> failure;                      // the feed as a whole: nothing was applied
    std::optional<ledger::EditionChange> held_change;  // of a list: the failure is that this change is too large

    std::size_t count(SyncItem::Outcome outcome) const;
    // 0, or the gravest of what happened: trust 4, database 5, network 6, usage 2, refused 3.
    int exit_code() const;
};
int more_severe(int one, int other);  // of two exit codes, in that order

class Source {
public:
    virtual ~Source() = default;
    virtual const char* kind() const = 0;  // "signed feed"
    // `known` is what the last synchronisation left. Writes nothing. Throws Error.
    virtual void fetch(const ledger::FeedState& known) = 0;
    // After fetch(). Changes `state` to what the next run is to know; sync itself sets url,
    // last_attempt, last_success and the failure members.
    virtual void apply(ledger::Writer& writer, ledger::FeedState& state, SyncReport& report) = 0;
};

enum class FeedKind { orders, list, zone };
// By the URL's scheme; nothing when no kind has it.
std::optional<FeedKind> feed_kind(const std::string& url);

// Throws Error(usage) that names the feed when no kind has the URL's scheme.
std::unique_ptr<Source> make_source(const SourceContext& context);

}  // namespace saring::feed
