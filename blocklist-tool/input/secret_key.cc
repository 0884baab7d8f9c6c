#include "input/secret_key.h"

#include "base/file.h"
#include "input/passwords.h"

namespace saring::tool {

trust::minisign::SecretKey read_secret_key(const std::string& path, const std::string& password_file) {
    Bytes file = read_secret_file(path, 64u << 10);
    bool locked = trust::minisign::SecretKey::needs_password(file, path);
    return trust::minisign::SecretKey::parse(file, locked ? password_for(path, password_file) : "", path);
}

}  // namespace saring::tool
