// Stored values, each alone. The first byte chooses the table. A value that decodes must be
// exactly what an encoder would have written: a value that decodes otherwise is corrupt.
#include "../fuzz.h"
#include "feed/list_feed.h"
#include "hits/earlier_blocks.h"
#include "ledger/changes.h"
#include "ledger/feed_state.h"
#include "ledger/quarantine.h"
#include "name/lookup_key.h"

namespace saring::fuzz {

void one(ByteView input) {
    Input in(input);
    auto table = in.byte() % 10;
    Bytes value(in.rest());
    accepted(ErrorKind::database, [&] {
        switch (table) {
            case 0:
                demand(ledger::encode(ledger::decode_order_record(value)) == value,
                       "an order's record reads as another");
                break;
            case 1:
                demand(ledger::encode(ledger::decode_document(value)) == value, "a document reads as another");
                break;
            case 2: demand(ledger::encode(ledger::decode_order_texts(value)) == value, "texts read as others"); break;
            case 3:
                demand(ledger::encode(ledger::decode_held_record(value)) == value,
                       "a quarantine record reads as another");
                break;
            case 4:
                demand(ledger::encode(ledger::decode_feed_state(value)) == value, "a feed's state reads as another");
                break;
            case 5: {
                // Compressed, so the bytes may differ, but not the changes.
                ledger::Changes c = ledger::decode_changes(value), again = ledger::decode_changes(encode(c));
                demand(again.records == c.records && again.entries.size() == c.entries.size() &&
                           again.whole_lists_added == c.whole_lists_added,
                       "changes read as others");
                break;
            }
            case 6: {
                policy::Entries entries(value);
                Bytes written;
                for (std::size_t i = 0; i < entries.size(); ++i) append(written, entries[i]);
                demand(written == value, "entries read as others");
                for (policy::OrderIndex order : {0u, 1u, 0xffffffffu}) {
                    demand(!policy::match_of(policy::without_order(value, order), order),
                           "an entry that was taken out is there");
                    if (entries.size() < policy::Entries::max_orders)
                        demand(policy::match_of(policy::with_entry(policy::without_order(value, order),
                                                                   {order, policy::Match::exact}),
                                                order) == policy::Match::exact,
                               "an entry that was put in is not there");
                }
                break;
            }
            case 7: demand(prefix_key(prefix_of_key(value)) == value, "a prefix key reads as another"); break;
            case 8: {
                auto mark = feed::decode_list_mark(value);
                demand(!mark || encode(*mark) == value, "a list's mark reads as another");
                break;
            }
            case 9: hits::hits_of_block(1, value); break;
        }
    });
}

}  // namespace saring::fuzz
