#include "base/probe_key.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "base/acting_owner.h"
#include "base/file.h"

namespace saring {
namespace {

constexpr std::size_t hash_size = 16;

// "/run/saring/module.json" -> "/run/saring/module.probe-key".
std::string path_of(const std::string& status_file) {
    std::filesystem::path path(status_file);
    return (path.parent_path() / (path.stem().string() + ".probe-key")).string();
}

}  // namespace

std::optional<ProbeKey> ProbeKey::read(const std::string& status_file) {
    if (status_file.empty()) return std::nullopt;
    auto path = path_of(status_file);
    ActingOwner as(std::filesystem::path(path).parent_path().string());
    try {
        Bytes content = read_file(path, 4096);
        ProbeKey out;
        if (content.size() != out.key_.size()) return std::nullopt;
        std::memcpy(out.key_.data(), content.data(), content.size());
        return out;
    } catch (const Error&) { return std::nullopt; }
}

std::optional<ProbeKey> ProbeKey::read_or_create(const std::string& status_file) {
    if (status_file.empty()) return std::nullopt;
    if (auto there = read(status_file)) return there;
    auto path = path_of(status_file);
    Bytes content(sizeof key_, '\0');
    randombytes_buf(content.data(), content.size());
    // Written to a temporary file, then linked: if another resolver was first, its key is used.
    std::string temporary = path + "." + std::to_string(::getpid());
    write_file(temporary, content, 0640);
    struct stat folder {};
    if (::stat(std::filesystem::path(path).parent_path().c_str(), &folder) == 0)
        (void)!::chown(temporary.c_str(), static_cast<uid_t>(-1), folder.st_gid);
    (void)!::link(temporary.c_str(), path.c_str());
    ::unlink(temporary.c_str());
    return read(status_file);
}

Bytes ProbeKey::token(ByteView qname, std::uint16_t qtype, UnixTime now) const {
    Bytes out = be64(static_cast<std::uint64_t>(now));
    Bytes asked = out + Bytes(qname) + static_cast<char>(qtype >> 8) + static_cast<char>(qtype & 0xff);
    unsigned char hash[hash_size];
    crypto_generichash(hash, sizeof hash, reinterpret_cast<const unsigned char*>(asked.data()), asked.size(),
                       key_.data(), key_.size());
    return out.append(reinterpret_cast<const char*>(hash), sizeof hash);
}

bool ProbeKey::accepts(ByteView given, ByteView qname, std::uint16_t qtype, UnixTime now) const {
    if (given.size() != token_size) return false;
    auto made = static_cast<UnixTime>(from_be(given.substr(0, 8)));
    if (made < now - valid_seconds || made > now + valid_seconds) return false;
    Bytes wanted = token(qname, qtype, made);
    return sodium_memcmp(wanted.data(), given.data(), token_size) == 0;
}

}  // namespace saring
