// The module reads Unbound's structures directly, and their layout follows the
// configure line: in any other binary it would read garbage. The GNU build-id in the
// running program is compared with that of the unbound this module was built for.
#pragma once

#include <string>

namespace saring {

// Of the running program, lower-case hex; empty when it has none.
std::string running_build_id();

// Throws Error(usage) naming both.
void require_built_for_this_unbound();

}  // namespace saring
