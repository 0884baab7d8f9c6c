#include "config/ship_config.h"

namespace saring::config {

constexpr std::size_t max_consumer = 64;

bool is_consumer_name(const std::string& name) {
    return !name.empty() && name.size() <= max_consumer &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
               std::string::npos;
}

}  // namespace saring::config
