#include "ledger/writer.h"

#include <sodium.h>

#include <algorithm>

#include "ledger/lifts.h"
#include "ledger/stored_order.h"

namespace saring::ledger {
namespace {

bool may_lift(const OrderPolicy& terms, const std::string& authority, const std::string& other) {
    return terms.may_lift ? terms.may_lift(authority, other) : authority == other;
}

Committed& committed() {
    static Committed call;
    return call;
}

}  // namespace

void on_commit(Committed call) { committed() = std::move(call); }

Writer::Writer(std::shared_ptr<Database> db)
    : db_(std::move(db)),
      writing_(Database::begin_writing(db_)),
      txn_(writing_.txn),
      tables_(db_->tables()),
      view_(*txn_, tables_),
      serial_(read_serial(*txn_, tables_)) {}

policy::OrderIndex Writer::next_index() const {
    auto last = lmdb::Cursor(*txn_, tables_.orders).last();
    policy::OrderIndex next = last ? static_cast<policy::OrderIndex>(from_be(last->key)) + 1 : 1;
    auto stored_next = txn_->get(tables_.meta, meta_key::next_order);
    return stored_next ? std::max(next, ByteReader(*stored_next, "next order index").integer<policy::OrderIndex>())
                       : next;
}

void Writer::set_record(RecordTable table, ByteView key, std::optional<ByteView> value) {
    MDB_dbi db = handle_of(table, tables_);
    auto before = txn_->get(db, key);
    if (before == value) return;
    ++writes_;
    if (recorded_.emplace(table, key).second)
        changes_.records.push_back({table, Bytes(key), before ? std::optional(Bytes(*before)) : std::nullopt});
    if (table == RecordTable::orders) {
        if (before) note_order(decode_order_record(*before).id);
        if (value) note_order(decode_order_record(*value).id);
        if (!value) {
            ByteWriter next;
            next.integer(next_index());
            txn_->put(tables_.meta, meta_key::next_order, next.take());
        }
    }
    if (value) txn_->put(db, key, *value);
    else txn_->erase(db, key);
}

void Writer::note_order(ByteView id) {
    if (noted_orders_.emplace(id).second) journal_.orders.emplace_back(id);
}

void Writer::put_order(policy::OrderIndex index, const policy::OrderRecord& record) {
    set_record(RecordTable::orders, be32(index), encode(record));
    set_record(RecordTable::order_ids, record.id, be32(index));
}

void Writer::note(bool added, MDB_dbi db, ByteView key, policy::Entry entry) {
    bool address = db == tables_.addresses;
    ++(address ? (added ? journal_.addresses_added : journal_.addresses_removed)
               : (added ? journal_.names_added : journal_.names_removed));
    changes_.entries.push_back({added, address, entry, Bytes(key)});
    ++writes_;
}

void Writer::require_room(MDB_dbi db, ByteView key, ByteView value) const {
    if (policy::Entries(value).size() < policy::Entries::max_orders) return;
    auto kind = db == tables_.addresses ? HeldKind::address : HeldKind::name;
    throw Error(ErrorKind::refused, msg("target %1", target_text(kind, key)),
                msg("is in %1 orders already", policy::Entries::max_orders),
                msg("revoke those that are no longer needed"));
}

// A name that occurs twice in one order is covered by the union of both matches.
bool Writer::add_entry(MDB_dbi db, ByteView key, policy::Entry entry) {
    auto present = txn_->get(db, key);
    Bytes value = present ? Bytes(*present) : Bytes();
    if (auto match = policy::match_of(value, entry.order)) {
        entry.match = policy::unite(*match, entry.match);
        if (*match == entry.match) return false;
        note(false, db, key, {entry.order, *match});
        value = policy::without_order(value, entry.order);
    }
    require_room(db, key, value);
    txn_->put(db, key, policy::with_entry(value, entry));
    note(true, db, key, entry);
    return true;
}

bool Writer::remove_entry(MDB_dbi db, ByteView key, policy::OrderIndex order) {
    auto present = txn_->get(db, key);
    if (!present) return false;
    auto match = policy::match_of(*present, order);
    if (!match) return false;
    Bytes remaining = policy::without_order(*present, order);
    if (remaining.empty()) txn_->erase(db, key);
    else txn_->put(db, key, remaining);
    note(false, db, key, {order, *match});
    return true;
}

bool Writer::is_lifted(ByteView id, ByteView key) const { return lifter_of(*txn_, tables_, id, key).has_value(); }

Applied Writer::apply(const order::Order& order, const Document& document, const std::string& signers, UnixTime now,
                      const OrderPolicy& terms) {
    Bytes digest = document_digest(document.content);
    if (auto index = view_.find_order(order.id)) {
        if (this->order(*index).digest == digest) return Applied::already;
        throw Error(ErrorKind::refused, msg("order %1", order.id),
                    msg("another document with this id was applied before"),
                    msg("an order is immutable: issue the change under a new number, revoking this one"));
    }
    if (!order.revokes.empty() && order.effective > now)
        throw Error(ErrorKind::refused, msg("order %1", order.id),
                    msg("revokes others only from %1", format_rfc3339(order.effective)), msg("apply it then"));
    check_lifts(order, terms);
    drop_lifts_by_others(order, terms);

    policy::OrderIndex index = next_index();
    policy::OrderRecord record = record_of(order);
    record.kind = terms.kind;
    record.applied = now;
    record.applied_serial = serial_ + 1;
    record.signers = signers;
    record.digest = digest;

    std::map<std::pair<HeldKind, Bytes>, HeldTarget> held;
    for (const auto& target : terms.held) {
        auto [at, fresh] = held.try_emplace({target.kind, target.key}, target);
        if (!fresh && target.match == policy::Match::subtree) at->second = target;
    }
    // The order that lifts this one may have arrived first.
    auto lifted_by = lifter_of(*txn_, tables_, order.id);
    bool nothing_enters = lifted_by || held.count({HeldKind::whole, Bytes()}) > 0;
    auto enters = [&](HeldKind kind, ByteView key) { return !nothing_enters && held.count({kind, Bytes(key)}) == 0; };

    bool some_lifted = !lifted_by && lifts_names_of(*txn_, tables_, order.id);
    auto each_entering = [&](auto visit) {
        for (const auto& target : order.domains) {
            LookupKey key(target.name);
            if (enters(HeldKind::name, key.view()) && !(some_lifted && is_lifted(order.id, key.view())))
                visit(tables_.names, key.view(), target.match);
        }
        for (const auto& prefix : order.addresses)
            if (enters(HeldKind::address, prefix_key(prefix)))
                visit(tables_.addresses, prefix_key(prefix), policy::Match::subtree);
    };
    // Before the first write, so that a refusal leaves nothing behind.
    Bytes stored_document = encode(document);
    Bytes stored_texts = encode(
        policy::OrderTexts{order.reason, order.contact, order.legal_basis, order.reference, order.clarification});
    encode(record);
    each_entering([&](MDB_dbi db, ByteView key, policy::Match) {
        require_room(db, key, txn_->get(db, key).value_or(ByteView()));
    });

    AllOrNothing guard(*this);
    if (lifted_by) {
        record.lifted = now;
        record.lifted_by = "order " + this->order(*lifted_by).id;
    } else if (some_lifted) {
        for (const auto& target : order.domains)
            if (Bytes key(LookupKey(target.name).view()); is_lifted(order.id, key)) held.erase({HeldKind::name, key});
    }
    each_entering([&](MDB_dbi db, ByteView key, policy::Match match) {
        bool counted = policy::match_of(txn_->get(db, key).value_or(ByteView()), index).has_value();
        if (!add_entry(db, key, {index, match}) || counted) return;
        if (db == tables_.names) ++record.names;
        else ++record.addresses;
    });
    put_order(index, record);
    for (const auto& [place, target] : held) hold(index, target, now);
    set_record(RecordTable::documents, be32(index), stored_document);
    set_record(RecordTable::texts, be32(index), stored_texts);
    lift(index, order, now);
    return Applied::applied;
}

void Writer::check_lifts(const order::Order& order, const OrderPolicy& terms) const {
    for (const auto& r : order.revokes) {
        auto known = find(r.order);
        if (!known) continue;  // checked when it arrives
        auto refuse = [&](const Message& why, const Message& remedy) {
            return Error(ErrorKind::refused, msg("order %1", order.id), why, remedy);
        };
        if (known->kind != policy::OrderKind::order)
            throw refuse(msg("lifts %1, which is the ISP's own", r.order),
                         msg("the ISP itself lifts it, with `local remove` or `order revoke`"));
        if (!may_lift(terms, order.authority, known->authority))
            throw refuse(msg("of authority \"%1\" lifts %2, which is of authority \"%3\"", order.authority, r.order,
                             known->authority),
                         msg("ask that authority for the lift, or allow it: safety.may_lift in saring.toml"));
    }
}

// Drops lifts of this order that arrived before it, by authorities that may not lift it.
void Writer::drop_lifts_by_others(const order::Order& order, const OrderPolicy& terms) {
    std::vector<Bytes> dropped;
    Bytes prefix = lift_key(order.id, {});
    lmdb::Cursor cursor(*txn_, tables_.lifts);
    for (auto item = cursor.at_or_after(prefix); item && item->key.substr(0, prefix.size()) == prefix;
         item = cursor.next()) {
        auto by = this->order(static_cast<policy::OrderIndex>(from_be(item->value)));
        if (terms.kind != policy::OrderKind::order || !may_lift(terms, by.authority, order.authority))
            dropped.emplace_back(item->key);
    }
    for (const auto& key : dropped) set_record(RecordTable::lifts, key, std::nullopt);
}

void Writer::lift(policy::OrderIndex by, const order::Order& order, UnixTime now) {
    for (const auto& r : order.revokes) {
        Bytes key = lift_key(r);
        if (!txn_->get(tables_.lifts, key)) set_record(RecordTable::lifts, key, be32(by));
        auto index = view_.find_order(r.order);
        if (!index) continue;
        if (r.domain) {
            lift_names(*index, r, order.id, now);
        } else if (auto record = this->order(*index); record.lifted == policy::never) {
            record.lifted = now;
            record.lifted_by = "order " + order.id;
            remove_targets(*index, record);
            put_order(*index, record);
        }
    }
}

void Writer::lift_names(policy::OrderIndex index, const order::Revocation& r, const std::string& by, UnixTime now) {
    Bytes apex(LookupKey(*r.domain).view());
    bool below = r.match != policy::Match::exact;
    auto concerned = [&](ByteView key) { return below ? key.substr(0, apex.size()) == apex : key == apex; };
    std::vector<Held> waiting;
    each_held(*txn_, tables_, index, [&](const Held& h) {
        if (h.kind == HeldKind::name && h.record.state == HeldState::held && concerned(h.key)) waiting.push_back(h);
    });
    for (const auto& h : waiting) close_held(h, "lifted by order " + by, now);
    std::vector<Bytes> listed;
    {
        lmdb::Cursor cursor(*txn_, tables_.names);
        for (auto item = cursor.at_or_after(apex); item && concerned(item->key); item = cursor.next())
            if (policy::match_of(item->value, index)) listed.emplace_back(item->key);
    }
    for (const auto& key : listed) remove_entry(tables_.names, key, index);
    if (listed.empty()) return;
    auto record = order(index);
    record.names -= listed.size();
    put_order(index, record);
}

void Writer::revoke(const std::string& id, const std::string& by, UnixTime now) {
    AllOrNothing guard(*this);
    auto index = view_.find_order(id);
    if (!index)
        throw Error(ErrorKind::not_found, msg("order %1", id), msg("is not in the database"),
                    msg("see: blocklist-tool order list"));
    auto record = order(*index);
    if (record.lifted != policy::never)
        throw Error(ErrorKind::refused, msg("order %1", id),
                    msg("was revoked already at %1 by %2", format_rfc3339(record.lifted), record.lifted_by),
                    msg("nothing is left to do"));
    record.lifted = now;
    record.lifted_by = by;
    remove_targets(*index, record);
    put_order(*index, record);
}

void Writer::remove_targets(policy::OrderIndex index, policy::OrderRecord& record) {
    if (record.kind == policy::OrderKind::list) {
        // A list has no document: search all entries for its targets.
        for (MDB_dbi table : {tables_.names, tables_.addresses}) {
            list::NameSet keys;
            {
                lmdb::Cursor cursor(*txn_, table);
                for (auto item = cursor.first(); item; item = cursor.next())
                    if (policy::match_of(item->value, index)) keys.add(item->key);
            }
            for (std::size_t i = 0; i < keys.size(); ++i) remove_entry(table, keys[i], index);
        }
    } else if (auto document = view_.document(index)) {
        order::Order order = stored_order(*document, record.id);
        for (const auto& target : order.domains) remove_entry(tables_.names, LookupKey(target.name).view(), index);
        for (const auto& prefix : order.addresses) remove_entry(tables_.addresses, prefix_key(prefix), index);
    }
    record.names = 0;
    record.addresses = 0;
}

std::optional<policy::OrderRecord> Writer::find(const std::string& id) const {
    auto index = view_.find_order(id);
    if (!index) return std::nullopt;
    return order(*index);
}

void Writer::put_feed(const std::string& name, const FeedState& state) {
    txn_->put(tables_.feeds, name, encode(state));
    noted_ = true;
}

void Writer::put_manifest(const std::string& name, ByteView manifest) {
    txn_->put(tables_.manifests, name, manifest);
    noted_ = true;
}

std::uint64_t Writer::commit(const CommitInfo& info) {
    if (half_done_)
        throw Error(ErrorKind::database, msg("database"), msg("a change failed half-way"),
                    msg("nothing was written; report this"));
    if (writes_ == 0) {
        if (noted_) {
            view_.close();
            lmdb::commit(std::move(*txn_));
        }
        return serial_;
    }
    journal_.serial = serial_ + 1;
    journal_.time = info.time;
    journal_.operator_name = info.operator_name;
    journal_.command = info.command;
    journal_.detail = info.detail;
    append_journal(*txn_, tables_, journal_);
    txn_->put(tables_.changes, be64(journal_.serial), encode(changes_), MDB_APPEND);
    ByteWriter serial;
    serial.integer(journal_.serial);
    txn_->put(tables_.meta, meta_key::serial, serial.take());
    view_.close();
    lmdb::commit(std::move(*txn_));
    if (committed()) committed()(*db_, new_lists_known_ ? &names_of_new_lists_ : nullptr);
    return journal_.serial;
}

}  // namespace saring::ledger
