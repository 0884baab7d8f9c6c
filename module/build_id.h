// The module reads Unbound's structures directly, and their layout depends on Unbound's
// configure options: in any other binary it would read garbage. So the GNU build-id of the
// running program must be that of the unbound this module was built for.
#pragma once

#include <string>

namespace saring {

// Of the running program, lower-case hex; empty: it has none.
std::string running_build_id();

// Throws Error(usage) with both build-ids if they differ.
void require_built_for_this_unbound();

}  // namespace saring
