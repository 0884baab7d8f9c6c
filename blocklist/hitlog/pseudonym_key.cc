#include "hitlog/pseudonym_key.h"

#include <dirent.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/regular_file.h"

namespace saring::hitlog {
namespace {

// Earlier versions had one file for all periods.
constexpr const char* earlier_name = "/pseudonym.key";

}  // namespace

std::string PseudonymKeeper::path_of(std::int64_t period) const {
    return folder_ + "/pseudonym-" + std::to_string(period) + ".key";
}

// The file holds three words: "saring-pseudonym-key/1", the period's number and the key in hex.
std::optional<PseudonymKeeper::Kept> PseudonymKeeper::read(const std::string& path) const {
    if (::access(path.c_str(), F_OK) != 0) return std::nullopt;
    std::string text = read_regular_file(path, 4096);
    Kept kept{};
    char hex[65];
    long long period = 0;
    std::size_t n = 0;
    if (std::sscanf(text.c_str(), "saring-pseudonym-key/1 %lld %64[0-9a-f]", &period, hex) != 2 ||
        sodium_hex2bin(kept.key.data(), kept.key.size(), hex, 64, nullptr, &n, nullptr) != 0 || n != kept.key.size())
        throw Error(ErrorKind::usage, path, msg("is no pseudonym key"), msg("remove it: a new one is made"));
    kept.period = period;
    return kept;
}

PseudonymKeeper::Kept PseudonymKeeper::make(std::int64_t period) const {
    Kept fresh{period, {}};
    randombytes_buf(fresh.key.data(), fresh.key.size());
    if (auto earlier = read(folder_ + earlier_name); earlier && earlier->period == period) fresh = *earlier;
    char hex[65];
    sodium_bin2hex(hex, sizeof hex, fresh.key.data(), fresh.key.size());
    // Write under a name with this process's id, then link(): it never replaces a key that another resolver has made.
    std::string path = path_of(period), own = path + "." + std::to_string(::getpid());
    ::mkdir(folder_.c_str(), 0770);  // if this fails, write_file() reports why
    write_file(own, "saring-pseudonym-key/1 " + std::to_string(period) + " " + hex + "\n", 0600);
    int error = ::link(own.c_str(), path.c_str()) == 0 ? 0 : errno;
    ::unlink(own.c_str());
    if (error != 0 && error != EEXIST)
        throw Error(ErrorKind::usage, path, msg("cannot create: %1", std::strerror(error)),
                    msg("check hits.path and its permissions"));
    // Destroy the keys of past periods.
    std::string current = path.substr(folder_.size() + 1);
    if (DIR* dir = ::opendir(folder_.c_str())) {
        while (const dirent* entry = ::readdir(dir)) {
            std::string name = entry->d_name;
            if (name.rfind("pseudonym", 0) == 0 && name != current) ::unlinkat(::dirfd(dir), name.c_str(), 0);
        }
        ::closedir(dir);
    }
    auto made = read(path);
    return made ? *made : fresh;
}

const PseudonymKey& PseudonymKeeper::key(Microseconds now) {
    auto period = static_cast<std::int64_t>(now / day_us / days_);
    if (kept_ && kept_->period == period) return kept_->key;
    kept_ = read(path_of(period));
    if (!kept_) kept_ = make(period);
    return kept_->key;
}

}  // namespace saring::hitlog
