#include "geo/locator.h"

#include <netinet/in.h>

#include <sstream>

#include "base/regular_file.h"

namespace saring::geo {
namespace {

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

Locator::Locator(const LocationConfig& config) : config_(config) {
    if (!config.prefix_table.empty()) read_table(config.prefix_table);
    if (!config.mmdb.empty()) mmdb_ = std::make_unique<Mmdb>(config.mmdb, "region.mmdb");
}

Locator::~Locator() = default;

void Locator::read_table(const std::string& path) {
    std::istringstream lines(read_regular_file(path));
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string prefix, code, more;
        if (!(words >> prefix)) continue;
        auto where = path + ":" + std::to_string(number);
        if (!(words >> code) || words >> more)
            throw Error(ErrorKind::usage, where, msg("\"%1\" is not a prefix and a region", line.substr(0, 80)),
                        msg("write e.g. 10.1.0.0/16 ID-JK"));
        try {
            Prefix p = Prefix::parse(prefix);
            (p.family == 4 ? four_ : six_)[p.length][cut(p, p.length)] = code;
        } catch (const Error& e) { throw Error(ErrorKind::usage, where, e.why(), e.remedy()); }
    }
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
    auto found = mmdb_->find(address, config_.mmdb_path);
    if (!found || !found->has_text) return {};
    const std::string& value = found->text;
    if (auto named = config_.names.find(value); named != config_.names.end()) return named->second;
    return value.find('-') == std::string::npos ? config_.country_prefix + value : value;
}

bool address_of(const sockaddr_storage& client, Prefix& out) {
    if (client.ss_family == AF_INET) {
        out = Prefix::of_address(
            4, reinterpret_cast<const std::uint8_t*>(&reinterpret_cast<const sockaddr_in*>(&client)->sin_addr));
        return true;
    }
    if (client.ss_family == AF_INET6) {
        out = Prefix::of_address(
            6, reinterpret_cast<const std::uint8_t*>(&reinterpret_cast<const sockaddr_in6*>(&client)->sin6_addr));
        return true;
    }
    return false;
}

}  // namespace saring::geo
