#include "ledger/difference.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

namespace saring::ledger {
namespace {

using RecordKey = std::pair<RecordTable, Bytes>;

auto claim(const EntryChange& e) { return std::tie(e.address, e.key, e.entry.order); }

void sort_by_claim(std::vector<EntryChange>& made) {
    std::stable_sort(made.begin(), made.end(), [](const auto& a, const auto& b) { return claim(a) < claim(b); });
}

void invert(std::vector<EntryChange>& made) {
    std::reverse(made.begin(), made.end());
    for (auto& e : made) e.added = !e.added;
}

// Collects the changes of consecutive commits.
struct Collected {
    std::map<RecordKey, std::optional<Bytes>> records;  // as before the first commit
    std::vector<EntryChange> entries;                   // except those of the lists below
    // A list that one of the commits added whole was empty before that commit.
    struct List {
        std::vector<EntryChange> until_empty;  // before the first such commit
        bool emptied = false;
    };
    std::map<policy::OrderIndex, List> lists;

    void take(Changes&& c) {
        for (auto& r : c.records) records.emplace(RecordKey{r.table, std::move(r.key)}, std::move(r.image));
        for (auto index : c.whole_lists_added) lists[index].emptied = true;
        for (auto& e : c.entries) {
            auto list = e.address ? lists.end() : lists.find(e.entry.order);
            if (list == lists.end()) entries.push_back(std::move(e));
            else if (!list->second.emptied) list->second.until_empty.push_back(std::move(e));
        }
    }
};

Collected collect(const Snapshot& s, std::uint64_t after, std::uint64_t until,
                  const std::set<policy::OrderIndex>& lists) {
    Collected out;
    for (auto index : lists) out.lists[index];
    for (auto serial = after + 1; serial <= until; ++serial)
        out.take(read_changes(s.transaction(), s.tables(), serial));
    return out;
}

std::set<policy::OrderIndex> whole_lists(const Snapshot& s, std::uint64_t after, std::uint64_t until) {
    std::set<policy::OrderIndex> out;
    for (auto serial = after + 1; serial <= until; ++serial)
        for (auto index : read_changes(s.transaction(), s.tables(), serial).whole_lists_added) out.insert(index);
    return out;
}

// Appends the names that these lists have now, as additions.
void append_present(const Snapshot& s, const std::set<policy::OrderIndex>& lists, std::vector<EntryChange>& out) {
    if (lists.empty()) return;
    lmdb::Cursor cursor(s.transaction(), s.tables().names);
    for (auto item = cursor.first(); item; item = cursor.next()) {
        policy::Entries entries(item->value);
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (lists.count(entries[i].order)) out.push_back({true, false, entries[i], Bytes(item->key)});
    }
}

std::string id_of(const Snapshot& s, policy::OrderIndex index, const Collected& between, const Collected& later) {
    RecordKey key{RecordTable::orders, be32(index)};
    if (auto value = s.transaction().get(s.tables().orders, key.second)) return decode_order_record(*value).id;
    for (const auto* c : {&between, &later})
        if (auto known = c->records.find(key); known != c->records.end() && known->second)
            return decode_order_record(*known->second).id;
    return "index " + std::to_string(index);
}

void append_entries(std::vector<EntryChange>& to, std::vector<EntryChange>&& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

std::vector<EntryChange> net(std::vector<EntryChange> made) {
    sort_by_claim(made);
    std::vector<EntryChange> out;
    for (std::size_t i = 0; i < made.size();) {
        std::size_t end = i + 1;
        while (end < made.size() && claim(made[end]) == claim(made[i])) ++end;
        const auto &first = made[i], &last = made[end - 1];
        bool was = !first.added, is = last.added;
        if (!(was && is && first.entry == last.entry)) {
            if (was) out.push_back(first);
            if (is) out.push_back(last);
        }
        i = end;
    }
    return out;
}

Difference difference(const Snapshot& s, std::uint64_t from, std::uint64_t to) {
    auto now = s.serial();
    auto lists = whole_lists(s, from, to);
    auto between = collect(s, from, to, lists), later = collect(s, to, now, lists);

    Difference out;
    for (auto& [key, before] : between.records) {
        std::optional<Bytes> after;
        if (auto known = later.records.find(key); known != later.records.end()) after = known->second;
        else if (auto value = s.transaction().get(handle_of(key.first, s.tables()), key.second)) after = Bytes(*value);
        if (before != after) out.records.push_back({key.first, key.second, before, std::move(after)});
    }

    // A list that was added whole in between: entries from `from` until it was empty, then additions of its present
    // names, then the changes back from now to `to`; or, if it was empty again later, only from there.
    auto entries = std::move(between.entries);
    std::set<policy::OrderIndex> present;
    for (auto index : lists) {
        append_entries(entries, std::move(between.lists[index].until_empty));
        if (!later.lists[index].emptied) present.insert(index);
    }
    append_present(s, present, entries);
    for (auto index : lists) {
        auto& back = later.lists[index].until_empty;
        invert(back);
        append_entries(entries, std::move(back));
    }
    out.entries = net(std::move(entries));
    for (const auto& e : out.entries)
        if (!out.ids.count(e.entry.order)) out.ids[e.entry.order] = id_of(s, e.entry.order, between, later);
    return out;
}

void invert(Difference& d) {
    for (auto& r : d.records) std::swap(r.before, r.after);
    invert(d.entries);
    sort_by_claim(d.entries);
}

}  // namespace saring::ledger
