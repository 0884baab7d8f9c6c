#include "report/changes.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "ledger/changes.h"
#include "ledger/journal.h"
#include "ledger/lifts.h"
#include "name/lookup_key.h"
#include "net/prefix.h"

namespace saring::report {
namespace {

class Changes {
public:
    explicit Changes(const ledger::Snapshot& s) : s_(s) {}

    void add(const ledger::JournalRecord& commit) {
        auto changes = ledger::read_changes(s_.transaction(), s_.tables(), commit.serial);
        std::uint64_t added = 0, removed = 0;  // of orders: the rest of the commit's is of lists
        for (const auto& e : changes.entries) {
            if (record(e.entry.order).kind == policy::OrderKind::list) continue;
            ++(e.added ? added : removed);
            auto [at, is_new] = events_.try_emplace({e.address, e.key, e.entry.order, e.entry.match});
            if (is_new) at->second.first_added = e.added;
            at->second.last_added = e.added;
            at->second.time = commit.time;
        }
        auto left = [](std::uint64_t all, std::uint64_t part) { return all - std::min(all, part); };
        out_.list_added += left(commit.names_added + commit.addresses_added, added);
        out_.list_removed += left(commit.names_removed + commit.addresses_removed, removed);
    }

    ReportChanges result(std::size_t most) {
        for (const auto& [key, event] : events_) {
            if (event.first_added != event.last_added) continue;
            const auto& [is_address, stored, index, match] = key;
            const auto& order = record(index);
            if (order.kind == policy::OrderKind::order) ++(event.last_added ? out_.added : out_.removed);
            auto target = is_address ? prefix_of_key(stored).to_string() : name_of_key(stored).to_string();
            auto by = event.last_added ? std::string() : lifter(index, target);
            if (!by.empty()) ++out_.lifted_by[by];
            out_.targets.push_back({event.time, event.last_added, target, order.id, by});
        }
        std::stable_sort(out_.targets.begin(), out_.targets.end(), [](const auto& a, const auto& b) {
            return std::tie(b.time, a.order, a.target) < std::tie(a.time, b.order, b.target);
        });
        if (out_.targets.size() > most) {
            out_.left_out = out_.targets.size() - most;
            out_.targets.resize(most);
        }
        return std::move(out_);
    }

private:
    struct Event {
        bool first_added = false, last_added = false;
        UnixTime time = 0;
    };

    // An order that a rollback took away has none.
    const policy::OrderRecord& record(policy::OrderIndex index) {
        auto [at, is_new] = records_.try_emplace(index);
        if (!is_new) return at->second;
        try {
            at->second = s_.order(index);
        } catch (const Error&) {}
        return at->second;
    }

    std::string lifter(policy::OrderIndex index, const std::string& target) {
        const auto& order = record(index);
        if (order.lifted != policy::never) return order.lifted_by;
        auto [at, is_new] = lifted_.try_emplace(index);
        if (is_new && order.kind == policy::OrderKind::order)
            for (const auto& l : ledger::lifted_names(s_, index)) at->second[l.name.to_string()] = l.by;
        auto by = at->second.find(target);
        return by == at->second.end() ? std::string() : by->second;
    }

    const ledger::Snapshot& s_;
    ReportChanges out_;
    std::map<std::tuple<bool, Bytes, policy::OrderIndex, policy::Match>, Event> events_;
    std::map<policy::OrderIndex, policy::OrderRecord> records_;
    std::map<policy::OrderIndex, std::map<std::string, std::string>> lifted_;
};

}  // namespace

ReportChanges gather_changes(const ledger::Snapshot& s, UnixTime since, UnixTime until, std::size_t most) {
    Changes changes(s);
    bool known = true;
    ledger::each_journal(s.transaction(), s.tables(), [&](const ledger::JournalRecord& r) {
        if (r.time < since || r.time >= until) return;
        try {
            changes.add(r);
        } catch (const Error&) {  // a commit of an earlier version keeps none
            known = false;
        }
    });
    auto out = changes.result(most);
    out.known = known;
    return out;
}

}  // namespace saring::report
