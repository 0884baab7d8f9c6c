// Whether a database whose pages hang together (page_walk.h) is what its commits made of it. Everything is looked at
// and every finding reported, with where it is and what is wrong; nothing is repaired.
//
//   journal    every serial has one record, chained by hash, and its changes
//   orders     records, ids, documents, texts and the quarantine belong to each other and can be
//              read, feeds' states too; digests hold, and records say what their documents say
//   entries    every listed name is a name, listed by an order that is there, and that
//              order's document says so; each order's counts are those of the tables
//   replay     what all commits together changed is what the tables hold
//   signatures on request: the documents' signatures by the keys configured, as of when
//              the order was applied
//
// What it cannot see: in the record of a list or of local policy, which have no document,
// an altered term; and a journal rewritten from some record to its end, with hashes
// computed anew. For the latter an anchor, a serial and its hash noted elsewhere, is compared.
#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/progress.h"
#include "ledger/snapshot.h"
#include "trust/trust.h"

namespace saring::ledger {

struct CheckFinding {
    Message where;  // "journal record 7", "order B-1/2024", "name hoax.example"
    Message what;
};

class Findings {
public:
    static constexpr std::size_t kept = 1000;
    void add(Message where, Message what) {
        if (++total_; found_.size() < kept) found_.push_back({std::move(where), std::move(what)});
    }
    const std::vector<CheckFinding>& list() const { return found_; }
    std::size_t total() const { return total_; }

private:
    std::vector<CheckFinding> found_;
    std::size_t total_ = 0;
};

struct JournalAnchor {
    std::uint64_t serial;
    Bytes hash;
};

struct CheckOptions {
    const trust::TrustPolicy* signatures = nullptr;  // verify them by these keys
    std::optional<JournalAnchor> anchor;
};

// Throws Error(database) only when LMDB itself cannot read on.
Findings check_content(const Snapshot& s, const CheckOptions& options, Progress& progress = no_progress());

// The parts of it, one a file.
bool check_journal(const Snapshot& s, const std::optional<JournalAnchor>& anchor, Findings& out,
                   Progress& progress);  // false: no replay is possible
void check_orders(const Snapshot& s, const trust::TrustPolicy* signatures, Findings& out, Progress& progress);
void check_entries(const Snapshot& s, Findings& out, Progress& progress);
void check_replay(const Snapshot& s, Findings& out);

// Where a finding about an entry is: its key's name or address. Throws Error(database) for a key that is neither.
inline Message entry_place(bool address, ByteView key) {
    return address ? msg("address %1", prefix_of_key(key).to_string()) : msg("name %1", name_of_key(key).to_string());
}

// Runs `work`, which returns a value or throws Error for a damaged one; the error becomes a finding.
// `where` makes the Message, or is it.
template <typename Where, typename F>
auto checked(Findings& out, const Where& where, F work) -> std::optional<decltype(work())> {
    try {
        return work();
    } catch (const Error& e) {
        if constexpr (std::is_invocable_v<Where>) out.add(where(), e.why());
        else out.add(where, e.why());
        return std::nullopt;
    }
}

}  // namespace saring::ledger
