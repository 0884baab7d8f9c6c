// Reads passwords of secret keys, from a file or from the terminal without echo.
#pragma once

#include <string>

namespace saring::tool {

std::string new_password(const std::string& file);  // asked for twice; never empty
std::string password_for(const std::string& key, const std::string& file);

}  // namespace saring::tool
