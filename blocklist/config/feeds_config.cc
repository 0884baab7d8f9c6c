#include "config/feeds_config.h"

namespace saring::config {

bool is_feed_name(const std::string& name) {
    constexpr const char* letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    return !name.empty() && name.size() <= 64 && std::string(letters).find(name[0]) != std::string::npos &&
           name.find_first_not_of(std::string(letters) + "._-") == std::string::npos;
}

}  // namespace saring::config
