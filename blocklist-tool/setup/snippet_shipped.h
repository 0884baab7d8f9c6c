#pragma once

namespace saring::tool {

// conf/unbound/saring.conf.in, with @SARING_MODULE_DIR@ not yet replaced.
extern const char* const snippet_shipped;

}  // namespace saring::tool
