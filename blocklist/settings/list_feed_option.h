#pragma once

#include "config/list_feed.h"
#include "config/toml_table.h"

namespace saring::settings {

// To stand among the options of [[feed]].
config::toml_table::Handlers list_feed_options(config::ListFeedConfig& out);

}  // namespace saring::settings
