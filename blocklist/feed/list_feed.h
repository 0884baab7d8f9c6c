// The common part of the two kinds of list feed: a feed is one list, hence one order "list:<feed name>", whose names
// are compared with those in the database.
#pragma once

#include "admission/admit_list.h"
#include "feed/source.h"
#include "rpz/collector.h"

namespace saring::feed {

// Identifies the list that the feed's state describes, so that a later run can tell whether the database still has that
// list. A rollback, an import by hand or another configuration makes it another list.
struct ListMark {
    std::uint64_t list_serial = 0;  // the order's applied_serial
    std::uint32_t zone_serial = 0;  // SOA serial of a zone transfer
    Bytes source;                   // digest of the url
    Bytes options;                  // digest of the other options that affect how the list is read
    bool whole_only = false;        // the server last answered without differences (IXFR)
};
Bytes encode(const ListMark& m);
// Nothing when there is none yet, or it belongs to another kind of feed.
std::optional<ListMark> decode_list_mark(const Bytes& own);

class ListFeed {
public:
    explicit ListFeed(const SourceContext& context) : context_(context) {}

    // The mark in `known`, if the database still has that list. Throws Error(refused) when an operator or an order
    // revoked the list: following it would undo the revocation.
    std::optional<ListMark> mark(const ledger::FeedState& known) const;
    ledger::ListInfo info() const;
    bool whole_only = false;  // for the mark
    std::string order_id() const { return "list:" + context_.feed.name; }
    bool same_source(const ListMark& mark) const;

    // Both record the outcome in state and report, and remove held targets from `targets` or `added`. Throw ListHeld,
    // and Error(refused) when the list has no target left or is no longer the list of `before`.
    void replace(ledger::Writer& writer, list::Targets& targets, ledger::FeedState& state, SyncReport& report) const;
    void change(ledger::Writer& writer, const ListMark& before, const list::Targets& removed, list::Targets& added,
                ledger::FeedState& state, SyncReport& report) const;
    void report_content(const rpz::RpzContent& content, SyncReport& report) const;

private:
    void check_not_revoked(const std::optional<policy::OrderRecord>& record) const;
    void finish(ledger::Writer& writer, const admission::ListAdmission& admitted, ledger::FeedState& state,
                SyncReport& report) const;
    const SourceContext& context_;
};

}  // namespace saring::feed
