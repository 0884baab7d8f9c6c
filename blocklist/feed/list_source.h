#pragma once

#include "feed/source.h"

namespace saring::feed {

// A list in one file, by https or from a disk: plain domains, a hosts file or a policy zone.
std::unique_ptr<Source> make_list_source(const SourceContext& context);

}  // namespace saring::feed
