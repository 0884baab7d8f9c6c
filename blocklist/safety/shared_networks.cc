#include "safety/shared_networks.h"

#include <maxminddb.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <vector>

#include "base/error.h"

namespace saring {
namespace {

// More networks than this inside one prefix are not looked through.
constexpr int most_steps = 65536;

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

// The first address behind the network of `length` bits that `p` lies in; false past the end.
bool step_over(Prefix& p, unsigned length) {
    for (unsigned bit = length; bit < p.address.size() * 8; ++bit) p.address[bit / 8] &= static_cast<std::uint8_t>(~(0x80 >> bit % 8));
    for (unsigned bit = length; bit-- > 0;) {
        auto mask = static_cast<std::uint8_t>(0x80 >> bit % 8);
        p.address[bit / 8] ^= mask;
        if (p.address[bit / 8] & mask) return true;
    }
    return false;
}

}  // namespace

SharedNetworks::SharedNetworks(const SafetyConfig& config) : config_(config), mmdb_(nullptr, close_mmdb) {
    if (config.asn_mmdb.empty()) return;
    std::unique_ptr<MMDB_s> db(new MMDB_s);
    if (int rc = MMDB_open(config.asn_mmdb.c_str(), MMDB_MODE_MMAP, db.get()); rc != MMDB_SUCCESS)
        throw Error(ErrorKind::usage, config.asn_mmdb, std::string("is no usable database of network numbers: ") + MMDB_strerror(rc),
                    "fetch it again, or unset safety.asn_mmdb");
    mmdb_ = {db.release(), close_mmdb};
}

SharedNetworks::~SharedNetworks() = default;

// Vendors write the number as an integer or as "AS64500".
std::optional<std::uint32_t> SharedNetworks::number_of(const void* entry) const {
    std::vector<const char*> path;
    for (const auto& step : config_.asn_path) path.push_back(step.c_str());
    path.push_back(nullptr);
    MMDB_entry_data_s data;
    auto* at = static_cast<MMDB_entry_s*>(const_cast<void*>(entry));
    if (MMDB_aget_value(at, &data, path.data()) != MMDB_SUCCESS || !data.has_data) return std::nullopt;
    if (data.type == MMDB_DATA_TYPE_UINT32) return data.uint32;
    if (data.type == MMDB_DATA_TYPE_UINT16) return data.uint16;
    if (data.type != MMDB_DATA_TYPE_UTF8_STRING) return std::nullopt;
    std::string_view text(data.utf8_string, data.data_size);
    if (text.substr(0, 2) == "AS") text.remove_prefix(2);
    std::uint32_t out = 0;
    auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    return ec == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

std::optional<std::string> SharedNetworks::shared(const Prefix& prefix) const {
    if (!mmdb_) return std::nullopt;
    Prefix at = prefix;
    at.length = prefix.family == 4 ? 32 : 128;
    for (int step = 0; step < most_steps; ++step) {
        auto storage = socket_address(at);
        int error = MMDB_SUCCESS;
        auto found = MMDB_lookup_sockaddr(mmdb_.get(), reinterpret_cast<sockaddr*>(&storage), &error);
        if (error != MMDB_SUCCESS)
            throw Error(ErrorKind::usage, config_.asn_mmdb, std::string("is damaged: ") + MMDB_strerror(error), "fetch it again, or unset safety.asn_mmdb");
        if (found.found_entry)
            if (auto number = number_of(&found.entry); number && std::find(config_.shared_asns.begin(), config_.shared_asns.end(), *number) != config_.shared_asns.end())
                return "AS" + std::to_string(*number);
        // In a database of both families IPv4 lies below ::/96.
        unsigned length = found.netmask;
        if (prefix.family == 4 && mmdb_->metadata.ip_version == 6) length = length > 96 ? length - 96 : 0;
        if (length <= prefix.length || !step_over(at, length) || !prefix.contains(at)) return std::nullopt;
    }
    return "more networks than can be looked through";
}

}  // namespace saring
