#include "ledger/stored_order.h"

#include "order/parse_stored_order.h"

namespace saring::ledger {

order::Order stored_order(const Document& document, const std::string& id) {
    try {
        return order::parse_stored_order(document.content, "order " + id);
    } catch (const Error& e) {
        throw Error(ErrorKind::database, msg("database"),
                    msg("corrupt: the document of order %1 cannot be read: %2", id, e.why()),
                    msg("see all that is wrong: blocklist-tool db check; then restore a backup"));
    }
}

}  // namespace saring::ledger
