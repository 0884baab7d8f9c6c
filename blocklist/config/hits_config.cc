#include "config/hits_config.h"

#include <unistd.h>

#include <array>

#include "config/hits_option.h"

namespace saring::config {

using namespace toml_table;

namespace {

constexpr std::size_t max_instance = 64;

Handler client_option(ClientPrivacy& out) {
    return [&out](const toml::node& n, const Table& t, const std::string& name) {
        auto s = t.text(n, name);
        if (s == "prefix") out = ClientPrivacy::prefix;
        else if (s == "keyed") out = ClientPrivacy::keyed;
        else if (s == "none") out = ClientPrivacy::none;
        else if (s == "full") out = ClientPrivacy::full;
        else t.fail(n, name, msg("is \"%1\"", s), msg("write prefix, keyed, none or full"));
    };
}

Handler size_option(std::size_t& out, unsigned shift, std::int64_t min, std::int64_t max) {
    return [&out, shift, min, max](const toml::node& n, const Table& t, const std::string& name) {
        out = static_cast<std::size_t>(t.number(n, name, min, max)) << shift;
    };
}

}  // namespace

std::string HitsConfig::instance_name() const {
    if (!instance.empty()) return instance;
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0 || !host[0]) return "resolver";
    return std::string(host.data()).substr(0, max_instance);
}

Handler hits_option(HitsConfig& h) {
    return table({
        {"path", text_option(h.path)},
        {"instance",
         [&](const toml::node& n, const Table& t, const std::string& name) {
             h.instance = t.text(n, name);
             bool plain =
                 h.instance.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:") ==
                 std::string::npos;
             if (h.instance.size() > max_instance || !plain)
                 t.fail(n, name, msg("is \"%1\"", h.instance), msg("write at most 64 letters, digits and . - _ :"));
         }},
        {"client", client_option(h.client)},
        {"client_ipv4_bits", number_option(h.ipv4_bits, 8, 32)},
        {"client_ipv6_bits", number_option(h.ipv6_bits, 16, 128)},
        {"key_days", number_option(h.key_days, 1, 366)},
        {"keep_days", number_option(h.keep_days, 1, 3660)},
        {"keep_hours_days", number_option(h.keep_hours_days, 1, 36600)},
        {"max_size_mib", size_option(h.max_size, 20, 8, 1 << 24)},
        {"queue_kib", size_option(h.queue_size, 10, 64, 1 << 20)},
        {"asn_mmdb", text_option(h.asn_mmdb)},
        {"asn_path", texts(h.asn_path)},
    });
}

}  // namespace saring::config
