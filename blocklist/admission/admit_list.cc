#include "admission/admit_list.h"

namespace saring {
namespace {

std::string list_id(const ListInfo& info) { return "list:" + info.source; }

// Takes what the rules hold back out of the list, but for what a person released.
std::vector<HeldTarget> sift(const Config& config, const Writer& writer, const ListInfo& info, NameSet& names) {
    std::vector<HeldTarget> held;
    if (info.action == Action::passthru) return held;
    std::vector<std::size_t> places;
    for (const auto& found : Rules::of(config)->screen(names)) {
        Bytes key(names[found.place]);
        if (writer.is_released(list_id(info), HeldKind::name, key)) continue;
        held.push_back({HeldKind::name, key, names.match(found.place), found.finding.rule, found.finding.why});
        places.push_back(found.place);
    }
    names.drop(places);
    return held;
}

// `before`: names that the list had.
std::optional<Finding> check_list_change(const SafetyConfig& limits, std::uint64_t before, std::uint64_t added, std::uint64_t removed) {
    std::uint64_t changed = added + removed;
    // The first import is what somebody asks for; what comes unasked later is guarded.
    if (before == 0 || changed <= limits.list_change_free_names) return std::nullopt;
    std::string what = std::to_string(added) + " names added and " + std::to_string(removed) + " removed at once";
    if (changed > limits.max_list_change_names)
        return Finding{"large-change", what + ", more than " + std::to_string(limits.max_list_change_names) + " (safety.max_list_change_names)"};
    if (changed * 100 > before * limits.max_list_change_percent)
        return Finding{"large-change", what + " of " + std::to_string(before) + ", more than " + std::to_string(limits.max_list_change_percent) +
                                           " % (safety.max_list_change_percent)"};
    return std::nullopt;
}

std::uint64_t names_before(const Writer& writer, const ListInfo& info) {
    auto index = writer.snapshot().find_order(list_id(info));
    return index ? writer.snapshot().order(*index).names : 0;
}

}  // namespace

ListHeld::ListHeld(const std::string& list, const Finding& why, const std::string& change)
    : Error(ErrorKind::refused, list, why.rule + ": " + why.why,
            msg("the list stays as it was; look at what changed, then: blocklist-tool quarantine release %1, and take the same change again", list)),
      id(list), finding(why), digest(change) {}

ListAdmission admit_list(const Config& config, Writer& writer, const ListInfo& info, NameSet& names, bool allow_large, UnixTime now) {
    ListAdmission out;
    auto id = list_id(info);
    out.held = sift(config, writer, info, names);
    auto before = names_before(writer, info);
    auto digest = names.digest();
    bool may = allow_large || writer.may_replace_list(id, digest);
    out.outcome = writer.replace_list(info, names, now);
    if (!may)
        if (auto finding = check_list_change(config.safety, before, out.outcome.added, out.outcome.removed)) {
            out.whole.emplace(id, *finding, digest);
            return out;
        }
    writer.hold_list_names(id, out.held, true, now);
    return out;
}

ListAdmission admit_list_change(const Config& config, Writer& writer, const ListInfo& info, const NameSet& removed, NameSet& added, UnixTime now) {
    ListAdmission out;
    auto id = list_id(info);
    out.held = sift(config, writer, info, added);
    auto before = names_before(writer, info);
    auto digest = removed.digest() + added.digest();
    bool may = writer.may_replace_list(id, digest);
    out.outcome = writer.change_list(info, removed, added, now);
    if (!may)
        if (auto finding = check_list_change(config.safety, before, out.outcome.added, out.outcome.removed)) {
            out.whole.emplace(id, *finding, digest);
            return out;
        }
    if (!out.held.empty()) writer.hold_list_names(id, out.held, false, now);
    return out;
}

bool hold_list_change(Writer& writer, const ListHeld& held, const CommitInfo& commit) {
    writer.hold_list(held.id, {HeldKind::whole, {}, Match::subtree, held.finding.rule, held.finding.why}, held.digest, commit.time);
    if (!writer.changed()) return false;
    writer.commit(commit);
    return true;
}

}  // namespace saring
