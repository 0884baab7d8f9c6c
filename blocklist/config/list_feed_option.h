#pragma once

#include "config/list_feed.h"
#include "config/toml_table.h"

namespace saring::toml_table {

// To stand among the options of [[feed]].
Handlers list_feed_options(ListFeedConfig& out);

}  // namespace saring::toml_table
