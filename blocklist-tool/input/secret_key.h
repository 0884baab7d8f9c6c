// Reads a secret key file, which only its owner may read; asks for the password if it has one.
#pragma once

#include <string>

#include "trust/minisign.h"

namespace saring::tool {

// Throws Error(usage) if a file cannot be read, Error(trust) if its content is invalid.
trust::minisign::SecretKey read_secret_key(const std::string& path, const std::string& password_file);

}  // namespace saring::tool
