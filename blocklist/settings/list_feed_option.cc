#include "settings/list_feed_option.h"

#include "list/expected_count.h"
#include "list/landing.h"
#include "list/list_format.h"
#include "text/shown_text.h"

namespace saring::settings {

using namespace config::toml_table;

namespace {
// Shown to subscribers, like an order's texts.
Handler shown_text(std::string& out, std::size_t max_bytes) {
    return [&out, max_bytes](const toml::node& n, const Table& t, const std::string& name) {
        out = t.parsed(n, name, [&](const std::string& s) { return require_showable(s, name, max_bytes); });
    };
}
}  // namespace

Handlers list_feed_options(config::ListFeedConfig& out) {
    return {
        {"authority", shown_text(out.authority, 200)},
        {"category", shown_text(out.category, 100)},
        {"action",
         [&](const toml::node& n, const Table& t, const std::string& name) {
             out.action = t.parsed(n, name, [&](const std::string& s) { return policy::parse_action(s, name); });
         }},
        {"landing",
         [&](const toml::node& n, const Table& t, const std::string& name) {
             t.each(n, name, [&](const toml::node& item) {
                 out.landings.push_back(t.parsed(item, name, [&](const std::string& s) {
                     list::Landings({s}, name);
                     return s;
                 }));
             });
         }},
        {"format",
         [&](const toml::node& n, const Table& t, const std::string& name) {
             out.format = t.parsed(n, name, [&](const std::string& s) {
                 if (s != "auto") list::parse_list_format(s);
                 return s;
             });
         }},
        {"match",
         [&](const toml::node& n, const Table& t, const std::string& name) {
             out.match = t.parsed(n, name, [&](const std::string& s) { return policy::parse_match(s, name); });
         }},
        {"expect_count",
         [&](const toml::node& n, const Table& t, const std::string& name) {
             out.expect_count = t.parsed(n, name, [&](const std::string& s) {
                 list::ExpectedCount::parse(s, name);
                 return s;
             });
         }},
        {"sha256",
         [&](const toml::node& n, const Table& t, const std::string& name) {
             out.sha256 = t.text(n, name);
             if (out.sha256.empty()) return;
             if (out.sha256.size() != 64 || out.sha256.find_first_not_of("0123456789abcdef") != std::string::npos)
                 t.fail(n, name, msg("is not a SHA-256"),
                        msg("write its 64 lower-case hex digits, as sha256sum prints them"));
         }},
        {"unsigned", flag(out.unsigned_list)},
        {"tsig_file", text_option(out.tsig_file)},
    };
}

}  // namespace saring::settings
