#include "settings/ship_option.h"

namespace saring::settings {

using namespace config::toml_table;

Handler ship_option(config::ShipConfig& s) {
    return table({
        {"url", text_option(s.url)},
        {"user", text_option(s.user)},
        {"password_file", text_option(s.password_file)},
        {"database", text_option(s.database)},
        {"ca_file", text_option(s.ca_file)},
        {"insecure_http", flag(s.insecure_http)},
        {"consumer",
         [&](const toml::node& n, const Table& t, const std::string& name) {
             s.consumer = t.text(n, name);
             if (!config::is_consumer_name(s.consumer))
                 t.fail(n, name, msg("is \"%1\"", s.consumer), msg("write at most 64 letters, digits and . _ -"));
         }},
        {"batch", number_option(s.batch, 1, 500000)},
        {"interval_seconds", number_option(s.interval_seconds, 1, 3600)},
        {"timeout_seconds", number_option(s.timeout_seconds, 1, 3600)},
        {"retries", number_option(s.retries, 0, 20)},
    });
}

}  // namespace saring::settings
