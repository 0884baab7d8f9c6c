// A feed of any kind, as `sync` sees it. The URL's scheme selects the kind:
//
//   https:// file:// http://   a signed feed (feed/FORMAT.md): feed/signed_source.cc
//   list+https:// and so on    a list in one file: feed/list_source.cc
//   axfr://                    a policy zone from a name server: feed/zone_source.cc
//
// To add a kind, derive a class from Source and add a line to the table in source.cc.
//
// sync (feed/sync.h) runs a source in two steps: fetch() uses the network, for as long as it takes, without a database
// transaction; apply() then writes everything new in one transaction. An exception in either step leaves the database
// unchanged, and sync records the failure. A single order or name that a rule refuses is not a failure of the feed: it
// is reported, and the others are applied.
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
    std::shared_ptr<ledger::Database> database;  // for look-ups; no transaction stays open during a transfer
    UnixTime now;
    Progress& progress;
    bool full = false;  // fetch everything, even if it is known to be unchanged
};

struct SyncItem {
    enum class Outcome {
        applied,
        already,      // already in the database
        later,        // its revocations take effect later; a sync after that time applies it
        refused,      // by a rule or for lack of trust: see kind and why
        unpublished,  // no longer in the feed; stays in force until it expires or is revoked
    };
    Outcome outcome;
    std::string order;  // the order's id
    std::string place;  // its path in the feed
    ErrorKind kind = ErrorKind::refused;
    Message why;
    std::vector<ledger::HeldTarget> held = {};  // targets of an applied order that a safety rule held
    bool nothing_left = false;                  // every target was held
    std::vector<ledger::IdleLift> idle = {};    // lifts of an applied order that lift nothing
};
const char* to_string(SyncItem::Outcome outcome);

struct SyncReport {
    std::string feed, url, kind;
    bool unchanged = false;  // the feed's content is the same as at the last synchronisation
    bool dry_run = false;
    ledger::FeedState state;  // after the synchronisation
    std::uint64_t bytes = 0;  // transferred
    std::uint64_t names_added = 0, names_removed = 0, addresses_added = 0, addresses_removed = 0;
    std::uint64_t serial = 0;                          // of the database, after the synchronisation
    std::vector<SyncItem> items;                       // of a large list: only exceptions
    std::vector<Message> notes;                        // other findings, for people
    std::optional<Error> failure;                      // set: nothing was applied
    std::optional<ledger::EditionChange> held_change;  // of a list: set when the failure is a change that is too large

    std::size_t count(SyncItem::Outcome outcome) const;
    // 0, or the most severe exit code of what happened, in descending order: trust 4, database 5, network 6, usage 2,
    // refused 3.
    int exit_code() const;
};
int more_severe(int one, int other);  // of two exit codes, in that order

class Source {
public:
    virtual ~Source() = default;
    virtual const char* kind() const = 0;  // "signed feed"
    // `known`: the state that the last synchronisation left. Does not write. Throws Error.
    virtual void fetch(const ledger::FeedState& known) = 0;
    // Called after fetch(). Sets in `state` what the next run needs; sync itself sets url, last_attempt, last_success
    // and the failure members.
    virtual void apply(ledger::Writer& writer, ledger::FeedState& state, SyncReport& report) = 0;
};

enum class FeedKind { orders, list, zone };
// By the URL's scheme; nothing for an unknown scheme.
std::optional<FeedKind> feed_kind(const std::string& url);

// Throws Error(usage) that names the feed for an unknown scheme.
std::unique_ptr<Source> make_source(const SourceContext& context);

}  // namespace saring::feed
