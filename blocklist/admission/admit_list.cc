#include "admission/admit_list.h"

#include <algorithm>

namespace saring::admission {
namespace {

// A list that loses at least this percentage of its targets is nearly empty: probably an empty page or another file
// was fetched. Losses below ten names are let through: a person notices them, and edits by hand are that small.
constexpr std::uint64_t near_total_percent = 90, min_lost = 10;

std::string list_id(const ledger::ListInfo& info) { return "list:" + info.source; }

// Whether a person released the target and it reaches no further now than it did then.
bool is_released(const ledger::Writer& writer, const std::string& list, ledger::HeldKind kind, ByteView key,
                 policy::Match match) {
    const auto& s = writer.snapshot();
    auto index = s.find_order(list);
    auto record = index ? find_held(s.transaction(), s.tables(), *index, kind, key) : std::nullopt;
    return record && record->state == ledger::HeldState::released && unite(record->match, match) == record->match;
}

// Removes the targets that the rules hold from the list, except those that a person released.
std::vector<ledger::HeldTarget> targets_to_hold(const config::Config& config, const ledger::Writer& writer,
                                                const ledger::ListInfo& info, list::Targets& targets) {
    std::vector<ledger::HeldTarget> held;
    if (info.action == policy::Action::passthru) return held;
    auto rules = safety::Rules::of(config);
    auto id = list_id(info);
    std::vector<std::size_t> places;
    for (const auto& found : rules->screen(targets.names)) {
        Bytes key(targets.names[found.place]);
        auto match = targets.names.match(found.place);
        if (is_released(writer, id, ledger::HeldKind::name, key, match)) continue;
        held.push_back({ledger::HeldKind::name, key, match, found.finding.rule, found.finding.why});
        places.push_back(found.place);
    }
    targets.names.drop(places);
    auto& addresses = targets.addresses;
    addresses.erase(std::remove_if(addresses.begin(), addresses.end(),
                                   [&](const Prefix& p) {
                                       auto found = rules->check(p);
                                       if (!found || is_released(writer, id, ledger::HeldKind::address, prefix_key(p),
                                                                 policy::Match::subtree))
                                           return false;
                                       held.push_back({ledger::HeldKind::address, prefix_key(p), policy::Match::subtree,
                                                       found->rule, found->why});
                                       return true;
                                   }),
                    addresses.end());
    return held;
}

// `before`: number of targets that the list had.
std::optional<safety::Finding> check_list_change(const config::SafetyConfig& limits, std::uint64_t before,
                                                 const ledger::ListOutcome& outcome) {
    bool with_addresses = outcome.addresses_added || outcome.addresses_removed;
    auto added = outcome.added + outcome.addresses_added, removed = outcome.removed + outcome.addresses_removed;
    // An operator requests the first import; only later, automatic changes are guarded.
    if (before == 0) return std::nullopt;
    std::string what = std::to_string(added) + (with_addresses ? " names and addresses" : " names") + " added and " +
                       std::to_string(removed) + " removed at once";
    if (removed >= min_lost && removed * 100 >= before * near_total_percent)
        return safety::Finding{"large-change",
                               what + " of " + std::to_string(before) + ": nearly nothing of the list would be left"};
    auto changed = added + removed;
    if (changed <= limits.list_change_free_names) return std::nullopt;
    if (changed > limits.max_list_change_names)
        return safety::Finding{"large-change", what + ", more than " + std::to_string(limits.max_list_change_names) +
                                                   " (safety.max_list_change_names)"};
    if (changed * 100 > before * limits.max_list_change_percent)
        return safety::Finding{"large-change", what + " of " + std::to_string(before) + ", more than " +
                                                   std::to_string(limits.max_list_change_percent) +
                                                   " % (safety.max_list_change_percent)"};
    return std::nullopt;
}

std::uint64_t targets_before(const ledger::Writer& writer, const ledger::ListInfo& info) {
    auto record = writer.find(list_id(info));
    return record ? record->names + record->addresses : 0;
}

// True when the change may stay in the writer; otherwise out.whole has the reason.
bool accept(const config::Config& config, ledger::Writer& writer, const std::string& id, std::uint64_t before,
            const Bytes& digest, bool allow_large, UnixTime now, ListAdmission& out) {
    const auto& outcome = out.outcome;
    if (!allow_large && !writer.is_edition_released(id, digest))
        if (auto finding = check_list_change(config.safety, before, outcome)) {
            auto change = ledger::EditionChange::of(writer.entries_changed(), outcome.added + outcome.addresses_added,
                                                    outcome.removed + outcome.addresses_removed);
            ledger::HeldEdition edition{finding->rule, finding->why, digest, std::move(change)};
            out.whole.emplace(id, std::move(edition), writer.discarded_edition(id, digest));
            return false;
        }
    writer.take_edition(id, digest, now);
    return true;
}

Message why_held(const ledger::HeldEdition& held, const std::optional<ledger::HeldRecord>& discarded) {
    Message why = held.rule + ": " + held.why;
    if (!discarded) return why;
    return msg("%1; this change was discarded %2 by %3: %4", why, format_rfc3339(discarded->decided), discarded->by,
               discarded->reason);
}

Message remedy_of(const std::string& list, bool discarded) {
    if (discarded)
        return msg(
            "the list stays as it was; ask its publisher to correct it; to take this change after all: "
            "blocklist-tool list import --source %1 --allow-large, with the list's file",
            list.substr(sizeof "list:" - 1));
    return msg(
        "the list stays as it was; see which names with: blocklist-tool quarantine show %1, then: "
        "blocklist-tool quarantine release %1, and take the same change again",
        list);
}

}  // namespace

ListHeld::ListHeld(const std::string& list, ledger::HeldEdition held,
                   const std::optional<ledger::HeldRecord>& discarded)
    : Error(ErrorKind::refused, list, why_held(held, discarded), remedy_of(list, discarded.has_value())),
      id(list),
      edition(std::move(held)) {}

ListAdmission admit_list(const config::Config& config, ledger::Writer& writer, const ledger::ListInfo& info,
                         list::Targets& targets, bool allow_large, UnixTime now) {
    ListAdmission out;
    auto id = list_id(info);
    out.held = targets_to_hold(config, writer, info, targets);
    auto before = targets_before(writer, info);
    auto digest = targets.digest();
    out.outcome = writer.replace_list(info, targets, now);
    if (accept(config, writer, id, before, digest, allow_large, now, out))
        writer.hold_list_targets(id, out.held, true, now);
    return out;
}

ListAdmission admit_list_change(const config::Config& config, ledger::Writer& writer, const ledger::ListInfo& info,
                                const list::Targets& removed, list::Targets& added, UnixTime now) {
    ListAdmission out;
    auto id = list_id(info);
    out.held = targets_to_hold(config, writer, info, added);
    auto before = targets_before(writer, info);
    auto digest = removed.digest() + added.digest();
    out.outcome = writer.change_list(info, removed, added, now);
    if (accept(config, writer, id, before, digest, false, now, out) && !out.held.empty())
        writer.hold_list_targets(id, out.held, false, now);
    return out;
}

bool hold_list_change(ledger::Writer& writer, const ListHeld& held, const ledger::CommitInfo& commit) {
    writer.hold_edition(held.id, held.edition, commit.time);
    if (!writer.changed()) return false;
    writer.commit(commit);
    return true;
}

}  // namespace saring::admission
