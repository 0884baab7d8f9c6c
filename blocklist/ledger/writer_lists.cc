// Writer: lists. A list is one synthetic order, whose names are compared with the database so that only differences are
// written.
#include "ledger/writer.h"

#include <algorithm>

#include "ledger/lifts.h"

namespace saring::ledger {
namespace {

// Names of whole new lists kept until the commit, for the publisher.
constexpr std::size_t max_names_kept = 200000;

// The coverage of a match as bits, for union and difference.
constexpr unsigned itself = 1, below = 2;
unsigned bits_of(std::optional<policy::Match> m) {
    return !m ? 0 : (covers_itself(*m) ? itself : 0) | (covers_below(*m) ? below : 0);
}
std::optional<policy::Match> match_of_bits(unsigned bits) {
    if (bits == 0) return std::nullopt;
    return bits == itself ? policy::Match::exact : bits == below ? policy::Match::below : policy::Match::subtree;
}

std::string list_id(const ListInfo& info) { return "list:" + info.source; }

}  // namespace

bool Writer::altered_names_of(policy::OrderIndex index) const {
    return std::any_of(changes_.entries.begin(), changes_.entries.end(),
                       [&](const auto& e) { return !e.address && e.entry.order == index; });
}

// For a list without names in the database: nothing to compare, and the commit does not record the names.
void Writer::add_whole_list(policy::OrderIndex index, const list::NameSet& names) {
    std::optional<lmdb::Cursor::Item> last;
    {
        lmdb::Cursor end(*txn_, tables_.names);
        last = end.last();
    }
    bool append_only = !last || (names.size() > 0 && last->key < names[0]);
    for (std::size_t i = 0; i < names.size(); ++i) {
        Bytes value;
        if (!append_only)
            if (auto present = txn_->get(tables_.names, names[i])) value = *present;
        require_room(tables_.names, names[i], value);
        txn_->put(tables_.names, names[i], policy::with_entry(value, {index, names.match(i)}),
                  append_only ? MDB_APPEND : 0u);
    }
    changes_.whole_lists_added.push_back(index);
    new_lists_known_ = new_lists_known_ && names_of_new_lists_.size() + names.size() <= max_names_kept;
    for (std::size_t i = 0; new_lists_known_ && i < names.size(); ++i) names_of_new_lists_.emplace_back(names[i]);
    journal_.names_added += names.size();
    ++writes_;
}

// Merges both sorted sequences in one pass.
void Writer::replace_names(policy::OrderIndex index, const list::NameSet& names, ListOutcome& out) {
    list::NameSet gone;
    std::vector<std::size_t> fresh, altered;
    {
        lmdb::Cursor cursor(*txn_, tables_.names);
        std::size_t i = 0;
        for (auto item = cursor.first(); item; item = cursor.next()) {
            auto match = policy::match_of(item->value, index);
            if (!match) continue;
            while (i < names.size() && names[i] < item->key) fresh.push_back(i++);
            if (i < names.size() && names[i] == item->key) {
                if (names.match(i) != *match) altered.push_back(i);
                ++i;
            } else {
                gone.add(item->key);
            }
        }
        while (i < names.size()) fresh.push_back(i++);
    }
    for (std::size_t i = 0; i < gone.size(); ++i) remove_entry(tables_.names, gone[i], index);
    for (auto i : altered) remove_entry(tables_.names, names[i], index);
    for (const auto& part : {altered, fresh})
        for (auto i : part) add_entry(tables_.names, names[i], {index, names.match(i)});
    out.added = fresh.size();
    out.removed = gone.size();
    out.altered = altered.size();
}

// The same for the list's addresses.
void Writer::replace_addresses(policy::OrderIndex index, const std::vector<Prefix>& addresses, ListOutcome& out) {
    std::vector<Bytes> gone, fresh;
    {
        lmdb::Cursor cursor(*txn_, tables_.addresses);
        auto next = addresses.begin();
        for (auto listed = cursor.first(); listed; listed = cursor.next()) {
            if (!policy::match_of(listed->value, index)) continue;
            auto present = prefix_of_key(listed->key);
            while (next != addresses.end() && *next < present) fresh.push_back(prefix_key(*next++));
            if (next != addresses.end() && *next == present) ++next;
            else gone.emplace_back(listed->key);
        }
        while (next != addresses.end()) fresh.push_back(prefix_key(*next++));
    }
    for (const auto& key : gone) remove_entry(tables_.addresses, key, index);
    for (const auto& key : fresh) add_entry(tables_.addresses, key, {index, policy::Match::subtree});
    out.addresses_added = fresh.size();
    out.addresses_removed = gone.size();
}

ListOutcome Writer::replace_list(const ListInfo& info, const list::Targets& given, UnixTime now) {
    AllOrNothing guard(*this);
    auto id = list_id(info);
    list::Targets remaining;
    const list::Targets* targets = &given;
    if (lifts_names_of(*txn_, tables_, id)) {
        for (std::size_t i = 0; i < given.names.size(); ++i)
            if (!is_lifted(id, given.names[i])) remaining.names.add(given.names[i], given.names.match(i));
        remaining.addresses = given.addresses;
        targets = &remaining;
    }
    const list::NameSet& names = targets->names;
    auto found = view_.find_order(id);
    policy::OrderIndex index = found ? *found : next_index();
    policy::OrderRecord record = found ? order(index) : policy::OrderRecord{};
    ListOutcome out;
    // Names that this transaction itself removed from the list are recorded one by one, so those that it adds must be
    // too.
    if (record.names == 0 && !altered_names_of(index)) {
        if (names.size() > 0) add_whole_list(index, names);
        out.added = names.size();
    } else {
        replace_names(index, names, out);
    }
    replace_addresses(index, targets->addresses, out);
    record.names = out.names = names.size();
    record.addresses = static_cast<std::uint32_t>(out.addresses = targets->addresses.size());
    put_list(index, std::move(record), found.has_value(), info, targets->digest(), now, out);
    return out;
}

ListOutcome Writer::change_list(const ListInfo& info, const list::Targets& removed, const list::Targets& added,
                                UnixTime now) {
    AllOrNothing guard(*this);
    auto id = list_id(info);
    auto index = view_.find_order(id);
    if (!index)
        throw Error(ErrorKind::not_found, msg("order %1", id), msg("is not in the database"),
                    msg("import the whole list first"));
    policy::OrderRecord record = order(*index);
    ListOutcome out;
    auto change = [&](ByteView key, unsigned take, unsigned give) {
        auto present = txn_->get(tables_.names, key);
        unsigned before = bits_of(present ? policy::match_of(*present, *index) : std::nullopt);
        unsigned after = (before & ~take) | give;
        if (before == after) return;
        if (before) remove_entry(tables_.names, key, *index);
        if (auto match = match_of_bits(after)) add_entry(tables_.names, key, {*index, *match});
        ++(before == 0 ? out.added : after == 0 ? out.removed : out.altered);
    };
    bool some_lifted = lifts_names_of(*txn_, tables_, id);
    const list::NameSet &takes = removed.names, &gives = added.names;
    std::size_t r = 0, a = 0;
    while (r < takes.size() || a < gives.size()) {
        bool take = r < takes.size() && (a == gives.size() || takes[r] <= gives[a]);
        bool give = a < gives.size() && (r == takes.size() || gives[a] <= takes[r]);
        ByteView key = take ? takes[r] : gives[a];
        bool lifted = give && some_lifted && is_lifted(id, key);
        change(key, take ? bits_of(takes.match(r)) : 0, give && !lifted ? bits_of(gives.match(a)) : 0);
        r += take;
        a += give;
    }
    for (const auto& p : removed.addresses)
        if (!std::binary_search(added.addresses.begin(), added.addresses.end(), p))
            out.addresses_removed += remove_entry(tables_.addresses, prefix_key(p), *index);
    for (const auto& p : added.addresses)
        out.addresses_added += add_entry(tables_.addresses, prefix_key(p), {*index, policy::Match::subtree});
    // A held target is closed when the list drops it.
    auto close = [&](HeldKind kind, ByteView key, policy::Match match) {
        auto held = find_held(*txn_, tables_, *index, kind, key);
        if (held && held->state == HeldState::held && unite(match, held->match) == match)
            close_held({*index, kind, Bytes(key), *held}, "the list no longer has it", now);
    };
    for (std::size_t i = 0; i < takes.size(); ++i) close(HeldKind::name, takes[i], takes.match(i));
    for (const auto& p : removed.addresses) close(HeldKind::address, prefix_key(p), policy::Match::subtree);
    record.names = out.names = record.names + out.added - out.removed;
    out.addresses = record.addresses + out.addresses_added - out.addresses_removed;
    record.addresses = static_cast<std::uint32_t>(out.addresses);
    // The digest of the new content would need a read of the whole list. A lifted list has lost its names.
    std::string digest = out.edited() || record.lifted != policy::never ? std::string() : record.digest;
    put_list(*index, std::move(record), true, info, digest, now, out);
    return out;
}

void Writer::put_list(policy::OrderIndex index, policy::OrderRecord record, bool known, const ListInfo& info,
                      const std::string& digest, UnixTime now, ListOutcome& out) {
    bool same_terms = known && record.lifted == policy::never && record.authority == info.authority &&
                      record.category == info.category && record.action == info.action;
    bool fresh_enough =
        info.renew_below > 0 ? record.expires - now >= info.renew_below : record.expires == info.expires;
    if (!out.edited() && same_terms && fresh_enough) return;
    out.renewed = !out.edited();
    record.kind = policy::OrderKind::list;
    record.action = info.action;
    record.id = list_id(info);
    record.authority = info.authority;
    record.category = info.category;
    // A renewal keeps `issued`, the time at which the content or the terms last changed.
    bool goes_on = !out.edited() && same_terms;
    if (!goes_on) record.issued = now;
    if (!goes_on || !record.in_force(now)) record.effective = now;
    record.expires = info.expires;
    record.lifted = policy::never;
    record.lifted_by.clear();
    record.applied = now;
    record.applied_serial = serial_ + 1;
    record.digest = digest;
    put_order(index, record);
}

}  // namespace saring::ledger
