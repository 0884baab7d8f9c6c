#include "hits/candidates.h"

#include <algorithm>

#include "hits/client.h"
#include "name/lookup_key.h"

namespace saring::hits {
namespace {

using Blocks = std::vector<std::uint64_t>;

void sort_out(Blocks& b) {
    std::sort(b.begin(), b.end());
    b.erase(std::unique(b.begin(), b.end()), b.end());
}

class Index {
public:
    Index(const ledger::lmdb::Transaction& txn, MDB_dbi db) : cursor_(txn, db) {}

    void append(char kind, ByteView value, Blocks& out) {
        for (auto item = cursor_.at(Bytes(1, kind).append(value)); item; item = cursor_.next_value()) out.push_back(from_be(item->value));
    }
    // Of the keys from `from` on for which `in` holds.
    template <typename F>
    void append_range(char kind, ByteView from, F in, Blocks& out) {
        for (auto item = cursor_.at_or_after(Bytes(1, kind).append(from)); item; item = cursor_.next()) {
            if (item->key[0] != kind || !in(item->key.substr(1))) return;
            out.push_back(from_be(item->value));
        }
    }

private:
    ledger::lmdb::Cursor cursor_;
};

Blocks with_name(Index& index, const OwnerName& name) {
    Blocks out;
    LookupKey key(name);
    // A qname below the wanted name may have matched at a name above it.
    for (std::size_t labels = 0; labels < key.labels(); ++labels) index.append(index_kind::name, key.ancestor(labels), out);
    index.append_range(index_kind::name, key.view(), [&](ByteView k) { return k.substr(0, key.view().size()) == key.view(); }, out);
    return out;
}

Blocks with_client(Index& index, const Bytes& client) {
    Blocks out;
    auto network = client_network(client);
    if (!network) {
        index.append(index_kind::client, client, out);
        return out;
    }
    // Networks that cover it, then all that begin in it.
    for (unsigned length = 0; length < network->length; ++length) index.append(index_kind::client, stored_client(network_of(*network, length, length)), out);
    Bytes from = stored_client(*network);
    from.pop_back();
    index.append_range(index_kind::client, from, [&](ByteView k) {
        auto other = client_network(k);
        return other && network->contains(network_of(*other, network->length, network->length));
    }, out);
    return out;
}

}  // namespace

std::optional<Blocks> candidate_blocks(const ledger::lmdb::Transaction& txn, const HitsTables& tables, const HitFilter& f) {
    Index index(txn, tables.index);
    std::optional<Blocks> all;
    auto narrow = [&](Blocks some) {
        sort_out(some);
        if (!all) {
            all = std::move(some);
            return;
        }
        Blocks both;
        std::set_intersection(all->begin(), all->end(), some.begin(), some.end(), std::back_inserter(both));
        all = std::move(both);
    };
    auto exactly = [&](char kind, ByteView value) {
        Blocks some;
        index.append(kind, value, some);
        narrow(std::move(some));
    };
    if (f.order) exactly(index_kind::order, *f.order);
    if (f.region) exactly(index_kind::region, *f.region);
    if (f.name) narrow(with_name(index, *f.name));
    if (f.client) narrow(with_client(index, *f.client));
    if (f.since > std::numeric_limits<Microseconds>::min() || f.until < std::numeric_limits<Microseconds>::max()) {
        Hour last = f.until <= 0 ? 0 : hour_of(f.until - 1);
        Blocks some;
        index.append_range(index_kind::hour, hour_key(hour_of(f.since)), [&](ByteView k) { return hour_of_key(k) <= last; }, some);
        narrow(std::move(some));
    }
    if (all && f.after > 0) {
        // The last block that begins at or before what is wanted first may reach beyond it.
        auto from = std::upper_bound(all->begin(), all->end(), f.after + 1);
        if (from != all->begin()) --from;
        all->erase(all->begin(), from);
    }
    return all;
}

}  // namespace saring::hits
