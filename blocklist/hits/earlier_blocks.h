// Blocks of hits as the hits database held them, until version 1 of the hit log took its place.
#pragma once

#include <vector>

#include "hits/reader_types.h"

namespace saring::hits {

// Throws Error(database) on damage.
std::vector<Hit> hits_of_block(std::uint64_t first, ByteView block);

}  // namespace saring::hits
