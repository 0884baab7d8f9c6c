// What one Unbound worker thread keeps between queries: a read transaction, renewed
// per query, so that every query sees one consistent and current snapshot and no
// worker ever waits for another or for a writer. Used by its own thread only, but for
// the counters.
#pragma once

#include <memory>

#include "counters.h"
#include "geo/locator.h"
#include "ledger/database.h"
#include "ledger/snapshot.h"
#include "policy/crowded.h"
#include "recording/recorder.h"
#include "verdict_memo.h"

namespace saring {

class Worker {
public:
    explicit Worker(std::shared_ptr<ledger::Database> database)
        : database_(std::move(database)), txn_(database_->environment()), snapshot_(txn_, database_->tables()) {
        txn_.reset();
    }

    // The snapshot of this moment, valid while the object lives.
    class Use {
    public:
        explicit Use(Worker& w) : worker_(w) {
            // Sending an answer may read the next question of the same stream: inside, the
            // snapshot is the same.
            if (worker_.uses_ > 0) {
                ++worker_.uses_;
                return;
            }
            worker_.database_->environment().require_whole();
            worker_.txn_.renew();
            try {
                worker_.snapshot_.renew(worker_.txn_);
            } catch (...) {
                worker_.txn_.reset();
                throw;
            }
            worker_.uses_ = 1;
        }
        ~Use() {
            if (--worker_.uses_ == 0) worker_.txn_.reset();
        }
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;
        const ledger::Snapshot& snapshot() const { return worker_.snapshot_; }

    private:
        Worker& worker_;
    };

    // The snapshot of this edition would still be the same, and has no addresses. Asks without
    // making a snapshot; false when that is not certain.
    bool nothing_new_since(std::uint64_t edition) const {
        return snapshot_.edition() == edition && snapshot_.surely_without_addresses() && snapshot_.is_newest();
    }

    // Likewise: nothing at or above the name, in wire format, is listed.
    bool surely_unlisted(const std::uint8_t* wire, std::size_t size) const {
        return snapshot_.surely_unlisted(wire, size) && database_->environment().is_whole() && snapshot_.is_newest();
    }
    bool surely_without_addresses() const { return snapshot_.surely_without_addresses() && snapshot_.is_newest(); }
    std::uint64_t edition() const { return snapshot_.edition(); }

    Counters counters;
    VerdictMemo verdicts;
    // The verdict on the question that a client is about to ask again, see Instance::answer_apart.
    struct Given {
        const OwnerName* name = nullptr;
        std::uint16_t type = 0;
        const policy::Verdict* verdict = nullptr;
    } given;
    policy::CrowdedLevels crowded;
    HitRecorder* hits = nullptr;  // the thread's; null: hits are not recorded
    std::shared_ptr<const geo::Locator> locator;  // Instance::locator's
    std::uint64_t locator_version = 0;
    // Rehearsal lines are limited to one a second and worker; the rest are counted.
    std::int64_t last_rehearsal_line = 0;
    std::uint64_t rehearsals_unsaid = 0;

private:
    std::shared_ptr<ledger::Database> database_;
    ledger::lmdb::ReadTxn txn_;
    ledger::Snapshot snapshot_;
    unsigned uses_ = 0;
};

}  // namespace saring
