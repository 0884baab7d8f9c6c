// A secret key from its file: the owner's alone, asked for its password where it has one.
#pragma once

#include <string>

#include "trust/minisign.h"

namespace saring::tool {

// Throws Error(usage) for the files, Error(trust) for what is in them.
trust::minisign::SecretKey read_secret_key(const std::string& path, const std::string& password_file);

}  // namespace saring::tool
