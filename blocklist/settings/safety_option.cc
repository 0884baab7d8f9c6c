#include "settings/safety_option.h"

#include "hostname/host_name.h"

namespace saring::settings {

using namespace config::toml_table;
namespace {

Handler names(std::vector<std::string>& out) {
    return [&out](const toml::node& n, const Table& t, const std::string& name) {
        out.clear();
        t.each(n, name, [&](const toml::node& item) {
            out.push_back(
                t.parsed(item, name, [](const std::string& s) { return hostname::parse_name_input(s).to_string(); }));
        });
    };
}

}  // namespace

Handler safety_option(config::SafetyConfig& c) {
    return table({
        {"never_block_files",
         [&c](const toml::node& n, const Table& t, const std::string& name) {
             texts(c.never_block_files)(n, t, name);
             c.shipped_never_block = false;
         }},
        {"own_names", names(c.own_names)},
        {"public_suffix_file", text_option(c.public_suffix_file)},
        {"shortest_ipv4", number_option(c.shortest_ipv4, 8, 32)},
        {"shortest_ipv6", number_option(c.shortest_ipv6, 16, 128)},
        {"asn_mmdb", text_option(c.asn_mmdb)},
        {"asn_path", texts(c.asn_path)},
        {"shared_asns",
         [&c](const toml::node& n, const Table& t, const std::string& name) {
             c.shared_asns.clear();
             t.each(n, name, [&](const toml::node& item) {
                 c.shared_asns.push_back(static_cast<std::uint32_t>(t.number(item, name, 1, 4294967295)));
             });
         }},
        {"popular_lists", texts(c.popular_lists)},
        {"popular_rank", number_option(c.popular_rank, 1, 1000000000)},
        {"may_lift",
         [&c](const toml::node& n, const Table& t, const std::string& name) {
             if (!n.as_table())
                 t.fail(n, name, msg("is not a table"),
                        msg("write may_lift = { \"AUTHORITY\" = [\"OTHER AUTHORITY\"] }"));
             for (const auto& [authority, liftable] : *n.as_table()) {
                 auto& may = c.may_lift[std::string(authority.str())];
                 t.each(liftable, name, [&](const toml::node& item) { may.push_back(t.text(item, name)); });
             }
         }},
        {"max_order_targets", number_option(c.max_order_targets, 1, 100000000)},
        {"max_order_lifetime_days", number_option(c.max_order_lifetime_days, 1, 400000)},
        {"max_list_change_names", number_option(c.max_list_change_names, 1, 1000000000)},
        {"max_list_change_percent", number_option(c.max_list_change_percent, 1, 100)},
        {"list_change_free_names", number_option(c.list_change_free_names, 0, 1000000000)},
    });
}

Handler local_option(config::LocalConfig& c) {
    return table({
        {"allow_days", number_option(c.allow_days, 0, 3650)},
        {"block_days", number_option(c.block_days, 1, 3650)},
    });
}

}  // namespace saring::settings
