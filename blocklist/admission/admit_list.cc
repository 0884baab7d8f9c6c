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
        held.push_back({HeldKind::name, key, Match::subtree, found.finding.rule, found.finding.why});
        places.push_back(found.place);
    }
    names.drop(places);
    return held;
}

}  // namespace

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

ListAdmission admit_list(const Config& config, Writer& writer, const ListInfo& info, NameSet& names, bool allow_large, UnixTime now) {
    ListAdmission out;
    out.held = sift(config, writer, info, names);
    auto index = writer.view().find_order(list_id(info));
    std::uint64_t before = index ? writer.view().order(*index).names : 0;
    bool may = allow_large || writer.may_replace_list(list_id(info), names.digest());
    out.outcome = writer.replace_list(info, names, now);
    if (!may) out.whole = check_list_change(config.safety, before, out.outcome.added, out.outcome.removed);
    if (out.whole) return out;
    writer.hold_list_names(list_id(info), out.held, now);
    return out;
}

bool hold_list_change(Writer& writer, const ListInfo& info, const NameSet& names, const Finding& finding, const CommitInfo& commit) {
    writer.hold_list(list_id(info), {HeldKind::whole, {}, Match::subtree, finding.rule, finding.why}, names.digest(), commit.time);
    if (!writer.changed()) return false;
    writer.commit(commit);
    return true;
}

}  // namespace saring
