#pragma once

#include <memory>

#include "fetch/transport.h"

namespace saring::fetch {

// `base` is a directory's path ending in "/", or a file's.
std::unique_ptr<Transport> open_file_transport(const config::FeedConfig& feed, const std::string& base);

}  // namespace saring::fetch
