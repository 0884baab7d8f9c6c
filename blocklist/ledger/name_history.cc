#include "ledger/name_history.h"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "ledger/difference.h"
#include "ledger/lifts.h"

namespace saring::ledger {
namespace {

constexpr std::size_t past_map_size = std::size_t{1} << 30;  // bytes of address space; nothing is written to disk

// Whether an entry with this match under `key` applies to the name.
bool concerns(const HistoryTarget& asked, const Bytes& key, const Bytes& own, policy::Match match) {
    if (!asked.name) return true;
    return key == own ? covers_itself(match) : covers_below(match);
}

std::string target_of(const HistoryTarget& asked, const Bytes& key) {
    return asked.name ? name_of_key(key).to_string() : prefix_of_key(key).to_string();
}

// The lifting order or operator, found from what the same commit did to the order or to the table of lifts.
std::string lifted_by(const Past::UndoneCommit& commit, policy::OrderIndex index, const policy::OrderRecord& before,
                      const Bytes& key) {
    if (auto at = commit.orders.find(index); at != commit.orders.end() && at->second &&
                                             at->second->lifted != policy::never && before.lifted == policy::never)
        return at->second->lifted_by;
    auto found = commit.lifts.find(lift_key(before.id, key));
    for (std::size_t end = 0; found == commit.lifts.end() && end < key.size(); ++end)
        if (key[end] == '\0') found = commit.lifts.find(lift_key(before.id, ByteView(key).substr(0, end + 1), true));
    return found == commit.lifts.end() ? "" : "order " + found->second;
}

}  // namespace

std::vector<NameChange> name_changes(const Snapshot& s, const HistoryTarget& asked, std::uint64_t lowest) {
    auto keys = asked.keys();
    Past past(s, keys, !asked.name);
    std::vector<NameChange> out;
    while (past.serial() > lowest) {
        auto serial = past.serial();
        auto commit = past.back();
        for (const auto& e : net(commit.entries)) {
            if (!concerns(asked, e.key, keys.front(), e.entry.match)) continue;
            auto before = past.order(e.entry.order);
            auto after = commit.orders.find(e.entry.order);
            NameChange change{serial, e.added, e.entry.order, {}, target_of(asked, e.key), e.entry.match, {}};
            change.order = before                                          ? before->id
                           : after != commit.orders.end() && after->second ? after->second->id
                                                                           : "index " + std::to_string(e.entry.order);
            if (!e.added && before) change.by = lifted_by(commit, e.entry.order, *before, e.key);
            out.push_back(std::move(change));
        }
    }
    return out;
}

std::uint64_t serial_at(const Snapshot& s, UnixTime time) {
    std::uint64_t out = 0;
    each_journal_newest_first(s.transaction(), s.tables(), [&](const JournalRecord& r) {
        if (r.time > time) return true;
        out = r.serial;
        return false;
    });
    return out;
}

PastSnapshot::PastSnapshot(const Snapshot& now, const HistoryTarget& asked, std::uint64_t serial) {
    Past past(now, asked.keys(), !asked.name);
    while (past.serial() > serial) past.back();
    auto pattern = (std::filesystem::temp_directory_path() / "saring-past-XXXXXX").string();
    if (!::mkdtemp(pattern.data()))
        throw Error(ErrorKind::usage, pattern, msg("cannot create: %1", std::strerror(errno)),
                    msg("set TMPDIR to a folder that can be written to"));
    folder_ = pattern;
    lmdb::Options options;
    options.read_only = false;
    options.map_size = past_map_size;
    environment_ = std::make_unique<lmdb::Environment>(folder_, options);
    txn_ = std::make_unique<lmdb::WriteTxn>(*environment_);
    tables_ = create_tables(*txn_);
    past.plant(*txn_, tables_);
    snapshot_.emplace(*txn_, tables_);
}

PastSnapshot::~PastSnapshot() {
    if (snapshot_) snapshot_->close();
    snapshot_.reset();
    txn_.reset();
    environment_.reset();
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

}  // namespace saring::ledger
