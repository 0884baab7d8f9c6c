#include "probe/listed_sample.h"

namespace saring::tool {

std::vector<ListedName> sample_listed(const ledger::Snapshot& snapshot,
                                      const std::unordered_set<policy::OrderIndex>& orders, std::size_t size,
                                      Engine& engine) {
    Reservoir<ListedName> sample(size, engine);
    ledger::lmdb::Cursor cursor(snapshot.transaction(), snapshot.tables().names);
    for (auto item = cursor.first(); item; item = cursor.next()) {
        policy::Entries entries(item->value);
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (orders.count(entries[i].order)) {
                sample.offer({Bytes(item->key), entries[i].match});
                break;
            }
    }
    return sample.kept();
}

}  // namespace saring::tool
