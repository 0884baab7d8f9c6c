#include "rpz/tree.h"

namespace saring::rpz {

void RpzTree::add(ByteView key, const RpzChoice& choice) {
    auto common = common_size(key_, key);
    while (!levels_.empty() && levels_.back().end > common) levels_.pop_back();
    key_ = key;
    while (levels_.empty() || levels_.back().end < key.size()) {
        // An empty non-terminal gets its parent's decision for names below.
        Level level = levels_.empty() ? Level{} : levels_.back();
        level.end = key.find('\0', level.end) + 1;
        level.itself = level.below;
        level.in_zone = false;
        levels_.push_back(level);
    }
    Level& level = levels_.back();
    RpzAction inherited = level.below;  // the parent's wildcard's action for this name
    RpzAction itself = choice.itself == RpzAction::none ? level.nearest : choice.itself;
    level.itself = level.passes || choice.passes_itself ? RpzAction::passthru : itself;
    if (choice.below != RpzAction::none) level.nearest = choice.below;
    level.passes |= choice.passes_below;
    level.below = level.passes ? RpzAction::passthru : level.nearest;
    if (level.itself != inherited || level.below != inherited) put_in_zone();
}

void RpzTree::put_in_zone() {
    for (auto& level : levels_) {
        if (level.in_zone) continue;
        level.in_zone = true;
        ByteView key = ByteView(key_).substr(0, level.end);
        if (level.itself != RpzAction::none) emit_(key, false, level.itself);
        if (level.below != RpzAction::none) emit_(key, true, level.below);
    }
}

}  // namespace saring::rpz
