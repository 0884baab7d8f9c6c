#pragma once

#include "feed/source.h"

namespace saring::feed {

// A list in one file, over https or from disk: plain domains, a hosts file or a policy zone.
std::unique_ptr<Source> make_list_source(const SourceContext& context);

}  // namespace saring::feed
