// Figures as a person sees them at a glance: bars and sparklines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace saring::tool {

// `count` of `most` in at most `width` columns; anything above nothing shows. Block
// characters where the locale has UTF-8, else #.
std::string bar(std::uint64_t count, std::uint64_t most, unsigned width);

// A character a figure, of eight heights; a space for nothing.
std::string sparkline(const std::vector<std::uint64_t>& counts);

}  // namespace saring::tool
