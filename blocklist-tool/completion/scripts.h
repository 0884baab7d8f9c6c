#pragma once

namespace saring::tool {

// blocklist-tool.SHELL of this folder, as compiled in.
extern const char* const completion_bash;
extern const char* const completion_zsh;
extern const char* const completion_fish;

}  // namespace saring::tool
