// Writer: editions of a list that are held as a whole.
#include "ledger/writer.h"

namespace saring::ledger {

void Writer::hold_edition(const std::string& id, const HeldEdition& edition, UnixTime now) {
    auto index = known_order(id);
    auto known = editions_of(*txn_, tables_, index);
    for (const auto& h : known)
        if (h.record.digest == edition.digest && h.record.state != HeldState::closed) return;
    for (const auto& h : known)
        if (h.record.state == HeldState::held) close_held(h, "another edition came", now);
    HeldRecord record;
    record.since = now;
    record.serial = serial_ + 1;
    record.rule = edition.rule;
    record.why = edition.why;
    record.digest = edition.digest;
    record.change = encode(edition.change);
    set_held(index, HeldKind::whole, edition.digest, record);
}

std::optional<HeldRecord> Writer::edition(const std::string& id, ByteView digest, HeldState state) const {
    auto index = view_.find_order(id);
    if (!index) return std::nullopt;
    for (const auto& h : editions_of(*txn_, tables_, *index))
        if (h.record.digest == digest && h.record.state == state) return h.record;
    return std::nullopt;
}

bool Writer::is_edition_released(const std::string& id, ByteView digest) const {
    return edition(id, digest, HeldState::released).has_value();
}

std::optional<HeldRecord> Writer::discarded_edition(const std::string& id, ByteView digest) const {
    return edition(id, digest, HeldState::discarded);
}

void Writer::take_edition(const std::string& id, ByteView digest, UnixTime now) {
    auto index = known_order(id);
    for (const auto& h : editions_of(*txn_, tables_, index)) {
        if (h.record.digest.empty()) continue;
        if (h.record.state == HeldState::held) close_held(h, "the list has another edition now", now);
        if (h.record.state != HeldState::released || h.record.digest != digest) continue;
        auto used = h.record;  // keeps who released it, and why
        used.state = HeldState::closed;
        set_held(index, h.kind, h.key, used);
    }
}

}  // namespace saring::ledger
