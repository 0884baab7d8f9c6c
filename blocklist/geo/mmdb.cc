#include "geo/mmdb.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <unistd.h>

#include <charconv>
#include <cstring>

#include "base/regular_file.h"

namespace saring::geo {
namespace {

void close_mmdb(MMDB_s* db) {
    MMDB_close(db);
    delete db;
}

sockaddr_storage socket_address(const Prefix& p) {
    sockaddr_storage out{};
    if (p.family == 4) {
        auto* in = reinterpret_cast<sockaddr_in*>(&out);
        in->sin_family = AF_INET;
        std::memcpy(&in->sin_addr, p.address.data(), 4);
    } else {
        auto* in6 = reinterpret_cast<sockaddr_in6*>(&out);
        in6->sin6_family = AF_INET6;
        std::memcpy(&in6->sin6_addr, p.address.data(), 16);
    }
    return out;
}

// Vendors write network numbers as an integer or as "AS64500".
bool number_in(std::string_view text, std::uint32_t& out) {
    if (text.substr(0, 2) == "AS") text.remove_prefix(2);
    auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    return ec == std::errc() && !text.empty() && end == text.data() + text.size();
}

}  // namespace

// Opens an anonymous copy: libmaxminddb maps the file, and a resolver dies of SIGBUS when a mapped file is truncated.
Mmdb::Mmdb(const std::string& file, const std::string& option) : db_(nullptr, close_mmdb) {
    Bytes content = read_regular_file(file, std::size_t{1} << 30);
    int fd = ::memfd_create("saring-mmdb", MFD_CLOEXEC);
    bool copied = fd >= 0;
    for (std::size_t at = 0; copied && at < content.size();) {
        ssize_t n = ::write(fd, content.data() + at, content.size() - at);
        copied = n > 0;
        at += copied ? static_cast<std::size_t>(n) : 0;
    }
    std::unique_ptr<MMDB_s> db(new MMDB_s);
    int rc =
        copied ? MMDB_open(("/proc/self/fd/" + std::to_string(fd)).c_str(), MMDB_MODE_MMAP, db.get()) : MMDB_IO_ERROR;
    if (fd >= 0) ::close(fd);
    if (rc != MMDB_SUCCESS)
        throw Error(ErrorKind::usage, file, msg("is not a usable MaxMind DB: %1", MMDB_strerror(rc)),
                    msg("fetch it again, or unset %1", option));
    db_ = {db.release(), close_mmdb};
}

Mmdb::~Mmdb() = default;

std::optional<Mmdb::Found> Mmdb::find(const Prefix& address, const MmdbPath& path) const {
    auto storage = socket_address(address);
    int error = MMDB_SUCCESS;
    auto result = MMDB_lookup_sockaddr(db_.get(), reinterpret_cast<sockaddr*>(&storage), &error);
    if (error != MMDB_SUCCESS) return std::nullopt;
    Found found;
    found.length = result.netmask;
    // In a database of both families, IPv4 is under ::/96.
    if (address.family == 4 && db_->metadata.ip_version == 6) found.length = found.length > 96 ? found.length - 96 : 0;
    if (!result.found_entry) return found;
    std::vector<const char*> steps;
    for (const auto& step : path) steps.push_back(step.c_str());
    steps.push_back(nullptr);
    MMDB_entry_data_s data;
    if (MMDB_aget_value(&result.entry, &data, steps.data()) != MMDB_SUCCESS || !data.has_data) return found;
    if (data.type == MMDB_DATA_TYPE_UINT32 || data.type == MMDB_DATA_TYPE_UINT16) {
        found.number = data.type == MMDB_DATA_TYPE_UINT32 ? data.uint32 : data.uint16;
        found.has_number = true;
    } else if (data.type == MMDB_DATA_TYPE_UTF8_STRING) {
        found.text.assign(data.utf8_string, data.data_size);
        found.has_text = true;
        found.has_number = number_in(found.text, found.number);
    }
    return found;
}

}  // namespace saring::geo
