#pragma once

namespace saring::tool {

// Contents of blocklist-tool.bash, .zsh and .fish in this folder.
extern const char* const completion_bash;
extern const char* const completion_zsh;
extern const char* const completion_fish;

}  // namespace saring::tool
