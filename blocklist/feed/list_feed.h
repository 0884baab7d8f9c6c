// What the two kinds of list feed have in common: one list, hence one order
// "list:<feed name>", whose names are compared with what the database has.
#pragma once

#include "admission/admit_list.h"
#include "feed/source.h"
#include "rpz/collector.h"

namespace saring::feed {

// What a later run must know to tell whether the list in the database is still the one
// that the feed's state speaks of. A rollback, an import by hand or another
// configuration makes it another list.
struct ListMark {
    std::uint64_t list_serial = 0;  // the order's applied_serial
    std::uint32_t zone_serial = 0;  // of a zone transfer
    Bytes source;                   // digest of the url
    Bytes options;                  // digest of what else decides how the list is read
    bool whole_only = false;        // the zone's server did not serve differences when last asked
};
Bytes encode(const ListMark& m);
// Nothing when there is none yet, or it is of another kind of feed.
std::optional<ListMark> decode_list_mark(const Bytes& own);

class ListFeed {
public:
    explicit ListFeed(const SourceContext& context) : context_(context) {}

    // The mark that `known` holds, if the list in the database is still that one. Throws
    // Error(refused) when an operator or an order revoked the list: following it would
    // undo that.
    std::optional<ListMark> mark(const ledger::FeedState& known) const;
    ledger::ListInfo info() const;
    bool whole_only = false;  // for the mark
    std::string order_id() const { return "list:" + context_.feed.name; }
    bool same_source(const ListMark& mark) const;

    // Puts what happened into state and report. What a safety rule holds is taken out of the
    // targets. Throws ListHeld, and Error(refused) when the list has no target left, and when it
    // is no longer the list of `before`.
    void replace(ledger::Writer& writer, list::Targets& targets, ledger::FeedState& state, SyncReport& report) const;
    void change(ledger::Writer& writer, const ListMark& before, const list::Targets& removed, list::Targets& added,
                ledger::FeedState& state, SyncReport& report) const;
    void tell(const rpz::RpzContent& content, SyncReport& report) const;

private:
    void check_not_revoked(const std::optional<policy::OrderRecord>& record) const;
    void finish(ledger::Writer& writer, const admission::ListAdmission& admitted, ledger::FeedState& state,
                SyncReport& report) const;
    const SourceContext& context_;
};

}  // namespace saring::feed
