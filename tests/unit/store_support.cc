#include "store_support.h"

namespace saring::test {

Store::Store(std::size_t map_size) {
    config.database.path = dir / "blocklist";
    config.database.map_size = map_size;
    db = ledger::Database::open_to_write(config);
}

ledger::Applied Store::apply(const order::Order& o, UnixTime now) {
    ledger::Applied out{};
    write([&](ledger::Writer& w) { out = w.apply(o, document_of(o), "ani", now); }, now);
    return out;
}

void Store::revoke(const std::string& id, UnixTime now) {
    write([&](ledger::Writer& w) { w.revoke(id, "tester", now); }, now);
}

policy::OrderRecord Store::order(const std::string& id) const {
    return view([&](const ledger::Snapshot& s) {
        auto index = s.find_order(id);
        REQUIRE(index);
        return s.order(*index);
    });
}

bool Store::has(const std::string& id) const {
    return view([&](const ledger::Snapshot& s) { return s.find_order(id).has_value(); });
}

std::uint64_t Store::serial() const {
    return view([](const ledger::Snapshot& s) { return s.serial(); });
}

order::Order make_order(const std::string& id, const std::vector<std::string>& targets) {
    order::Order o;
    o.id = id;
    o.authority = "Ministry of Examples";
    o.issued = o.effective = noon - day;
    o.expires = noon + 100 * day;
    for (const auto& t : targets) {
        if (t.find_first_of("/:") != std::string::npos) o.addresses.push_back(Prefix::parse(t));
        else if (t[0] == '=') o.domains.push_back({name(t.substr(1)), policy::Match::exact});
        else o.domains.push_back({name(t), policy::Match::subtree});
    }
    return o;
}

ledger::Document document_of(const order::Order& order) {
    return {format_order(order), {{order.id + ".minisig", "signature"}}};
}

list::NameSet names_of(const std::vector<std::string>& names) {
    list::NameSet out;
    for (const auto& n : names) out.add(key_of(n));
    out.sort_unique();
    return out;
}

ledger::ListInfo list_info(const std::string& source, UnixTime expires) {
    ledger::ListInfo info;
    info.source = source;
    info.authority = "legacy list";
    info.expires = expires;
    return info;
}

Listing listing(const Store& store) {
    return store.view([](const ledger::Snapshot& s) {
        Listing out;
        auto take = [&](MDB_dbi table, auto describe) {
            ledger::lmdb::Cursor cursor(s.transaction(), table);
            for (auto item = cursor.first(); item; item = cursor.next()) {
                policy::Entries entries(item->value);
                auto& at = out[describe(item->key)];
                for (std::size_t i = 0; i < entries.size(); ++i)
                    at.insert((entries[i].match == policy::Match::exact ? "=" : "") + s.order(entries[i].order).id);
            }
        };
        take(s.tables().names, [](ByteView key) { return name_of_key(key).to_string(); });
        take(s.tables().addresses, [](ByteView key) {
            auto p = prefix_of_key(key);
            return p.to_string();
        });
        return out;
    });
}

Dump dump(const Store& store) {
    ledger::lmdb::ReadTxn txn(store.db->environment());
    const auto& t = store.db->tables();
    Dump out;
    for (auto [table, db] :
         {std::pair("names", t.names), std::pair("addresses", t.addresses), std::pair("orders", t.orders),
          std::pair("order_ids", t.order_ids), std::pair("documents", t.documents), std::pair("texts", t.texts),
          std::pair("lifts", t.lifts), std::pair("journal", t.journal), std::pair("changes", t.changes),
          std::pair("meta", t.meta)}) {
        ledger::lmdb::Cursor cursor(txn, db);
        for (auto item = cursor.first(); item; item = cursor.next()) out[table][Bytes(item->key)] = Bytes(item->value);
    }
    return out;
}

policy::OrderIndex Planter::order(const policy::OrderRecord& record) {
    const auto& t = store_.db->tables();
    policy::OrderIndex index = next_++;
    txn_.put(t.orders, be32(index), ledger::encode(record));
    txn_.put(t.order_ids, record.id, be32(index));
    return index;
}

void Planter::list(const Bytes& key, std::vector<policy::Entry> entries, bool address) {
    const auto& t = store_.db->tables();
    Bytes value;
    for (auto e : entries) append(value, e);
    txn_.put(address ? t.addresses : t.names, key, value);
}

}  // namespace saring::test
