#include "geo/locator.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <sstream>

#include "base/file.h"

namespace saring {
namespace {

void close_mmdb(MMDB_s* db) {
    MMDB_close(db);
    delete db;
}

// The address cut to `length` bits, as a key.
std::string cut(const Prefix& address, int length) {
    std::string out(reinterpret_cast<const char*>(address.address.data()), address.family == 4 ? 4 : 16);
    for (std::size_t byte = 0; byte < out.size(); ++byte) {
        int bits = length - static_cast<int>(byte) * 8;
        if (bits < 8) out[byte] = static_cast<char>(bits <= 0 ? 0 : out[byte] & (0xff << (8 - bits)));
    }
    return out;
}

}  // namespace

Locator::Locator(const LocationConfig& config) : config_(config), mmdb_(nullptr, close_mmdb) {
    if (!config.prefix_table.empty()) read_table(config.prefix_table);
    if (!config.mmdb.empty()) open_mmdb(config.mmdb);
}

Locator::~Locator() = default;

void Locator::read_table(const std::string& path) {
    std::istringstream lines(read_file(path));
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string prefix, code, more;
        if (!(words >> prefix)) continue;
        auto where = path + ":" + std::to_string(number);
        if (!(words >> code) || words >> more)
            throw Error(ErrorKind::usage, where, "\"" + line.substr(0, 80) + "\" is not a prefix and a region", "write e.g. 10.1.0.0/16 ID-JK");
        try {
            Prefix p = Prefix::parse(prefix);
            (p.family == 4 ? four_ : six_)[p.length][cut(p, p.length)] = code;
        } catch (const Error& e) {
            throw Error(ErrorKind::usage, where, e.why(), e.remedy());
        }
    }
}

// Opened from an anonymous copy: libmaxminddb maps the file, and a mapped file that
// is truncated under a resolver kills it.
void Locator::open_mmdb(const std::string& path) {
    Bytes content = read_file(path, std::size_t{1} << 30);
    int fd = ::memfd_create("saring-mmdb", MFD_CLOEXEC);
    bool copied = fd >= 0;
    for (std::size_t at = 0; copied && at < content.size();) {
        ssize_t n = ::write(fd, content.data() + at, content.size() - at);
        copied = n > 0;
        at += copied ? static_cast<std::size_t>(n) : 0;
    }
    std::unique_ptr<MMDB_s, void (*)(MMDB_s*)> db(new MMDB_s, [](MMDB_s* p) { delete p; });
    int rc = copied ? MMDB_open(("/proc/self/fd/" + std::to_string(fd)).c_str(), MMDB_MODE_MMAP, db.get()) : MMDB_IO_ERROR;
    if (fd >= 0) ::close(fd);
    if (rc != MMDB_SUCCESS)
        throw Error(ErrorKind::usage, path, std::string("is no usable location database: ") + MMDB_strerror(rc), "fetch it again, or unset region.mmdb");
    mmdb_ = {db.release(), close_mmdb};
}

std::string Locator::region(const Prefix& address) const {
    std::string code = from_table(address);
    return code.empty() && mmdb_ ? from_mmdb(address) : code;
}

std::string Locator::from_table(const Prefix& address) const {
    for (const auto& [length, codes] : address.family == 4 ? four_ : six_)
        if (auto at = codes.find(cut(address, length)); at != codes.end()) return at->second;
    return {};
}

std::string Locator::from_mmdb(const Prefix& address) const {
    sockaddr_storage storage{};
    if (address.family == 4) {
        auto* in = reinterpret_cast<sockaddr_in*>(&storage);
        in->sin_family = AF_INET;
        std::memcpy(&in->sin_addr, address.address.data(), 4);
    } else {
        auto* in6 = reinterpret_cast<sockaddr_in6*>(&storage);
        in6->sin6_family = AF_INET6;
        std::memcpy(&in6->sin6_addr, address.address.data(), 16);
    }
    int error = MMDB_SUCCESS;
    auto found = MMDB_lookup_sockaddr(mmdb_.get(), reinterpret_cast<sockaddr*>(&storage), &error);
    if (error != MMDB_SUCCESS || !found.found_entry) return {};
    std::vector<const char*> path;
    for (const auto& step : config_.mmdb_path) path.push_back(step.c_str());
    path.push_back(nullptr);
    MMDB_entry_data_s data;
    if (MMDB_aget_value(&found.entry, &data, path.data()) != MMDB_SUCCESS || !data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING) return {};
    std::string value(data.utf8_string, data.data_size);
    if (auto named = config_.names.find(value); named != config_.names.end()) return named->second;
    return value.find('-') == std::string::npos ? config_.country_prefix + value : value;
}

bool address_of(const sockaddr_storage& client, Prefix& out) {
    if (client.ss_family == AF_INET) {
        out = Prefix::of_address(4, reinterpret_cast<const std::uint8_t*>(&reinterpret_cast<const sockaddr_in*>(&client)->sin_addr));
        return true;
    }
    if (client.ss_family == AF_INET6) {
        out = Prefix::of_address(6, reinterpret_cast<const std::uint8_t*>(&reinterpret_cast<const sockaddr_in6*>(&client)->sin6_addr));
        return true;
    }
    return false;
}

}  // namespace saring
