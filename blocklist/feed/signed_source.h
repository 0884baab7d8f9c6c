#pragma once

#include <memory>

#include "feed/source.h"

namespace saring::feed {

// https://, file:// and http://: a signed feed.
std::unique_ptr<Source> make_signed_source(const SourceContext& context);

}  // namespace saring::feed
