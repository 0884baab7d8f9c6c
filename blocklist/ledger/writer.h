// Changes to the blocklist. A Writer is one transaction: it collects one or more changes, and commit() makes them
// durable together with one journal record, or not at all. Destroyed without commit() it leaves the database unchanged.
// A refused change has written nothing, and the transaction may continue. If a change throws after its first write,
// commit() throws as well. Not thread-safe.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ledger/changes.h"
#include "ledger/database.h"
#include "ledger/difference.h"
#include "ledger/edition.h"
#include "ledger/feed_state.h"
#include "ledger/journal.h"
#include "ledger/quarantine.h"
#include "ledger/snapshot.h"
#include "list/targets.h"
#include "order/order.h"

namespace saring::ledger {

struct CommitInfo {
    std::string command;        // "order apply"
    std::string operator_name;  // who runs the command
    std::string detail;         // the reason, or the source
    UnixTime time = 0;
};

enum class Applied {
    applied,  // its targets are in the database
    already,  // the identical document was applied before: nothing changed
};

struct ListInfo {
    std::string source;  // the order's id is "list:" + source
    std::string authority, category;
    std::optional<policy::Action> action;
    UnixTime expires = 0;
    // No renewal is needed while more than this much of its lifetime is left, in seconds.
    UnixTime renew_below = 0;
};

struct ListOutcome {
    std::uint64_t names = 0, addresses = 0;  // in the list now
    std::uint64_t added = 0, removed = 0;    // names
    std::uint64_t altered = 0;               // names that stay listed with another match
    std::uint64_t addresses_added = 0, addresses_removed = 0;
    bool renewed = false;  // only the expiry or the terms changed
    bool edited() const { return added || removed || altered || addresses_added || addresses_removed; }
    bool changed() const { return edited() || renewed; }
};

// Terms of an order that are not in its document.
struct OrderPolicy {
    policy::OrderKind kind = policy::OrderKind::order;
    std::vector<HeldTarget> held;  // targets that are not in force until they are released
    // Whether an order of `authority` may lift orders of `other`; not set: only of its own authority.
    std::function<bool(const std::string& authority, const std::string& other)> may_lift = {};
};

struct HeldDecision {
    bool release = false;  // else discard
    std::string by, reason;
    UnixTime time = 0;
};

// The relation of a backup to a database, from the hashes of their journals.
enum class BackupRelation {
    past,     // an earlier state of this database
    ahead,    // this database with further commits
    foreign,  // another database
};
BackupRelation backup_relation(const Snapshot& present, const Snapshot& backup);
// From the tables of `present` to those of `other`.
Difference difference(const Snapshot& present, const Snapshot& other);

// Called after each commit that changed the blocklist, before commit() returns, with the names of lists that it added
// whole; null when there were too many to keep. Set once, before any commit; the tool publishes its image from it.
using Committed = std::function<void(Database&, const std::vector<Bytes>* names_of_new_lists)>;
void on_commit(Committed call);

class Writer {
public:
    // Waits for another writer (Database::begin_writing).
    explicit Writer(std::shared_ptr<Database> db);

    // Throws Error(refused), having changed nothing, when the id is used with other content, or when the order lifts
    // the ISP's own entries, lists, or another authority's orders without permission (may_lift).
    Applied apply(const order::Order& order, const Document& document, const std::string& signers, UnixTime now,
                  const OrderPolicy& terms = {});

    // Lifts an order by hand. Throws Error(not_found); Error(refused) when it is lifted already.
    void revoke(const std::string& id, const std::string& by, UnixTime now);

    // Makes the list exactly these names and addresses, except names that an order lifted from it.
    ListOutcome replace_list(const ListInfo& info, const list::Targets& targets, UnixTime now);
    // Removes `removed` from the coverage of an existing list, then adds `added`. Removing `exact` from a subtree
    // leaves `below`, and vice versa. Held targets that are removed are closed.
    ListOutcome change_list(const ListInfo& info, const list::Targets& removed, const list::Targets& added,
                            UnixTime now);
    // Entries that this transaction has added and removed so far, except those of lists that had no name before.
    const std::vector<EntryChange>& entries_changed() const { return changes_.entries; }

    // The state of a feed. Not a change of the blocklist: alone it raises no serial and leaves no journal record.
    void put_feed(const std::string& name, const FeedState& state);
    void put_manifest(const std::string& name, ByteView manifest);
    std::optional<FeedState> feed(const std::string& name) const { return read_feed_state(*txn_, tables_, name); }

    std::optional<policy::OrderRecord> find(const std::string& id) const;

    // Quarantine (ledger/quarantine.h). A whole order has kind `whole` and an empty key. Releasing a target puts it in
    // force under its order. Throws Error(not_found); Error(refused) when it was decided already or its order has
    // ended.
    void decide_held(const std::string& id, HeldKind kind, ByteView key, const HeldDecision& decision);
    // Holds targets of a list; with `all`, closes held targets that are not among them. Decisions are kept.
    void hold_list_targets(const std::string& id, const std::vector<HeldTarget>& held, bool all, UnixTime now);
    // Records that this edition of a list was held, and closes one that was held before.
    void hold_edition(const std::string& id, const HeldEdition& edition, UnixTime now);
    // Whether a person released exactly this edition and it was not applied since.
    bool is_edition_released(const std::string& id, ByteView digest) const;
    // The decision of a person who discarded exactly this edition.
    std::optional<HeldRecord> discarded_edition(const std::string& id, ByteView digest) const;
    // Call when the list has this edition: uses up its release and closes other held editions.
    void take_edition(const std::string& id, ByteView digest, UnixTime now);

    // Restores names, addresses and orders as they were at `serial` <= serial(). Later commits stay in the journal.
    // Throws Error(database) when their changes are damaged.
    void roll_back(std::uint64_t serial);
    // The same, for a given difference from the present to that serial.
    void apply_difference(const Difference& change);
    const Snapshot& snapshot() const { return view_; }
    // Makes the whole content that of the backup. Commits that the backup has and this database lacks are copied with
    // their journal records. Throws Error(database) on damaged values.
    void restore(const Snapshot& backup);

    // The database written to: not the one passed to the constructor, if that was exchanged meanwhile.
    const std::shared_ptr<Database>& database() const { return db_; }
    bool changed() const { return writes_ > 0; }
    // This transaction's journal record so far: its counts of names and addresses.
    const JournalRecord& so_far() const { return journal_; }
    // The serial before commit().
    std::uint64_t serial() const { return serial_; }
    // Returns the new serial when the commit is durable; the old serial when the blocklist did not change.
    std::uint64_t commit(const CommitInfo& info);

private:
    policy::OrderRecord order(policy::OrderIndex index) const { return view_.order(index); }
    policy::OrderIndex next_index() const;
    void put_order(policy::OrderIndex index, const policy::OrderRecord& record);
    // Every write to a table of records goes through this, so that it can be undone.
    void set_record(RecordTable table, ByteView key, std::optional<ByteView> value);
    void note_order(ByteView id);
    bool add_entry(MDB_dbi db, ByteView key, policy::Entry entry);
    bool remove_entry(MDB_dbi db, ByteView key, policy::OrderIndex order);
    void note(bool added, MDB_dbi db, ByteView key, policy::Entry entry);
    void require_room(MDB_dbi db, ByteView key, ByteView value) const;  // throws when a key has too many orders
    void remove_targets(policy::OrderIndex index, policy::OrderRecord& record);
    void lift_names(policy::OrderIndex index, const order::Revocation& r, const std::string& by, UnixTime now);
    void check_lifts(const order::Order& order, const OrderPolicy& terms) const;
    void drop_lifts_by_others(const order::Order& order, const OrderPolicy& terms);
    void lift(policy::OrderIndex by, const order::Order& order, UnixTime now);
    bool is_lifted(ByteView id, ByteView key) const;
    bool altered_names_of(policy::OrderIndex index) const;  // whether this transaction did
    void add_whole_list(policy::OrderIndex index, const list::NameSet& names);
    void replace_names(policy::OrderIndex index, const list::NameSet& names, ListOutcome& out);
    void replace_addresses(policy::OrderIndex index, const std::vector<Prefix>& addresses, ListOutcome& out);
    void put_list(policy::OrderIndex index, policy::OrderRecord record, bool known, const ListInfo& info,
                  const std::string& digest, UnixTime now, ListOutcome& out);
    policy::OrderIndex known_order(const std::string& id) const;
    // Every write to the quarantine goes through this.
    void set_held(policy::OrderIndex index, HeldKind kind, ByteView key, const HeldRecord& record);
    void hold(policy::OrderIndex index, const HeldTarget& target, UnixTime now);
    std::optional<HeldRecord> edition(const std::string& id, ByteView digest, HeldState state) const;
    void close_held(const Held& held, const std::string& why, UnixTime now);
    HeldRecord waiting(policy::OrderIndex index, const policy::OrderRecord& owner, HeldKind kind, ByteView key,
                       UnixTime now) const;
    void release_one(policy::OrderIndex index, policy::OrderRecord& owner, HeldKind kind, ByteView key,
                     policy::Match match);
    void release_whole(policy::OrderIndex index, policy::OrderRecord& owner);

    std::shared_ptr<Database> db_;
    Database::WriteSession writing_;  // the lock is held until the commit is published
    std::unique_ptr<lmdb::WriteTxn>& txn_;
    const Tables& tables_;
    Snapshot view_;
    std::uint64_t serial_;
    // Guards each change: detects an exception after its first write.
    class AllOrNothing {
    public:
        explicit AllOrNothing(Writer& writer)
            : writer_(writer), writes_(writer.writes_), exceptions_(std::uncaught_exceptions()) {}
        ~AllOrNothing() {
            if (std::uncaught_exceptions() > exceptions_ && writer_.writes_ != writes_) writer_.half_done_ = true;
        }
        AllOrNothing(const AllOrNothing&) = delete;
        AllOrNothing& operator=(const AllOrNothing&) = delete;

    private:
        Writer& writer_;
        std::uint64_t writes_;
        int exceptions_;
    };
    std::uint64_t writes_ = 0;  // to the blocklist
    bool half_done_ = false;    // a change threw after its first write
    bool noted_ = false;        // something other than the blocklist changed
    Changes changes_;
    std::vector<Bytes> names_of_new_lists_;             // of changes_.whole_lists_added
    bool new_lists_known_ = true;                       // false: too many to keep
    std::set<std::pair<RecordTable, Bytes>> recorded_;  // records already in changes_
    std::set<Bytes, std::less<>> noted_orders_;         // ids already in journal_
    JournalRecord journal_;
};

}  // namespace saring::ledger
