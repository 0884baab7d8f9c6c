// Checks that a database with consistent pages (page_walk.h) has the content that its commits produced. Checks
// everything and reports every finding with its place; repairs nothing.
//
//   journal    every serial has one record, chained by hash, and its changes
//   orders     records, ids, documents, texts and the quarantine belong together and can be read, feeds' states too;
//              digests match, and records agree with their documents
//   entries    every listed name is valid, and listed by an existing order whose document names it; each order's counts
//              match the tables
//   replay     all commits' changes together produce the content of the tables
//   signatures on request: verifies the documents' signatures with the configured keys, as of the time of application
//
// It cannot detect an altered term in the record of a list or of local policy, which have no document, nor a journal
// rewritten from some record to its end with new hashes. To detect the latter, compare an anchor: a serial and its hash
// noted elsewhere.
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
    // A signature that the configured keys do not confirm: the content may be sound.
    void add_signature(Message where, Message what) {
        ++signatures_;
        add(std::move(where), std::move(what));
    }
    const std::vector<CheckFinding>& list() const { return found_; }
    std::size_t total() const { return total_; }
    bool only_signatures() const { return total_ > 0 && total_ == signatures_; }

private:
    std::vector<CheckFinding> found_;
    std::size_t total_ = 0, signatures_ = 0;
};

struct JournalAnchor {
    std::uint64_t serial;
    Bytes hash;
};

struct CheckOptions {
    const trust::TrustPolicy* signatures = nullptr;  // set: verify signatures with these keys
    std::optional<JournalAnchor> anchor;
};

// Throws Error(database) only when LMDB itself cannot continue to read.
Findings check_content(const Snapshot& s, const CheckOptions& options, Progress& progress = no_progress());

// Its parts, one a file.
bool check_journal(const Snapshot& s, const std::optional<JournalAnchor>& anchor, Findings& out,
                   Progress& progress);  // false: a replay is impossible
void check_orders(const Snapshot& s, const trust::TrustPolicy* signatures, Findings& out, Progress& progress);
void check_entries(const Snapshot& s, Findings& out, Progress& progress);
void check_replay(const Snapshot& s, Findings& out);

// The place of a finding about an entry: its key's name or address. Throws Error(database) for an invalid key.
inline Message entry_place(bool address, ByteView key) {
    return address ? msg("address %1", prefix_of_key(key).to_string()) : msg("name %1", name_of_key(key).to_string());
}

// Runs `work`, which returns a value or throws Error for a damaged one; records the error as a finding. `where` is a
// Message or a function that makes one.
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
