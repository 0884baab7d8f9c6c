#pragma once

namespace saring::tool {

// conf/unbound/saring.conf.in, where the module lies still open.
extern const char* const snippet_shipped;

}  // namespace saring::tool
