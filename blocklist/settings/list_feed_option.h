#pragma once

#include "config/list_feed.h"
#include "config/toml_table.h"

namespace saring::settings {

// Options of a list, to be merged with those of [[feed]].
config::toml_table::Handlers list_feed_options(config::ListFeedConfig& out);

}  // namespace saring::settings
