#include "settings/console_option.h"

#include <algorithm>

namespace saring::settings {

using namespace config::toml_table;

namespace {

Handler one_of(std::string& out, std::vector<std::string> words) {
    return [&out, words = std::move(words)](const toml::node& n, const Table& t, const std::string& name) {
        out = t.text(n, name);
        std::string all;
        for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
        if (std::find(words.begin(), words.end(), out) == words.end())
            t.fail(n, name, msg("is \"%1\"", out), msg("write one of: %1", all));
    };
}

bool is_header_name(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
}

}  // namespace

Handler console_option(config::ConsoleConfig& c) {
    return table({
        {"listen", text_option(c.listen)},
        {"socket_mode",
         [&](const toml::node& n, const Table& t, const std::string& name) {
             c.socket_mode = t.text(n, name);
             if (c.socket_mode.size() != 4 || c.socket_mode[0] != '0' ||
                 c.socket_mode.find_first_not_of("01234567") != std::string::npos)
                 t.fail(n, name, msg("is \"%1\"", c.socket_mode), msg("write e.g. \"0660\""));
         }},
        {"token_file", text_option(c.token_file)},
        {"host_names", texts(c.host_names)},
        {"identity_header",
         [&](const toml::node& n, const Table& t, const std::string& name) {
             c.identity_header = t.text(n, name);
             if (!is_header_name(c.identity_header))
                 t.fail(n, name, msg("is \"%1\"", c.identity_header), msg("write a header's name, e.g. X-Saring-User"));
         }},
        {"access_log", text_option(c.access_log)},
        {"time_zone", one_of(c.time_zone, {"", "UTC", "WIB", "WITA", "WIT"})},
        {"language", one_of(c.language, {"id", "en"})},
        {"resolver", text_option(c.resolver)},
        {"max_viewers", number_option(c.max_viewers, 1, 1000)},
        {"fleet", flag(c.fleet)},
        {"look_seconds", number_option(c.look_seconds, 1, 60)},
        {"export_rows", number_option(c.export_rows, 1, 1000000)},
    });
}

}  // namespace saring::settings
