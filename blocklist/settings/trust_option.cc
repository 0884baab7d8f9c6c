#include "settings/trust_option.h"

namespace saring::settings {

using namespace config::toml_table;

namespace {

trust::TrustedKey read_key(const toml::node& node, const Table& outer) {
    trust::TrustedKey key;
    bool has_key = false;
    auto time = [](std::optional<UnixTime>& out) -> Handler {
        return [&out](const toml::node& n, const Table& t, const std::string& name) {
            out = t.parsed(n, name, [&](const std::string& s) { return parse_rfc3339(s, name); });
        };
    };
    outer.below("key").read(
        node,
        {
            {"name", [&](const toml::node& n, const Table& t, const std::string& name) { key.name = t.text(n, name); }},
            {"public_key",
             [&](const toml::node& n, const Table& t, const std::string& name) {
                 key.key = t.parsed(n, name,
                                    [&](const std::string& s) { return trust::minisign::PublicKey::parse(s, name); });
                 has_key = true;
             }},
            {"roles",
             [&](const toml::node& n, const Table& t, const std::string& name) {
                 t.each(n, name, [&](const toml::node& item) {
                     auto s = t.text(item, name);
                     if (s != "order" && s != "feed")
                         t.fail(item, name, msg("has the unknown role \"%1\"", s), msg("write order or feed"));
                     key.roles.push_back(s == "order" ? trust::KeyRole::order : trust::KeyRole::feed);
                 });
             }},
            {"valid_from", time(key.valid_from)},
            {"valid_until", time(key.valid_until)},
            {"revoked", time(key.revoked)},
        });
    if (key.name.empty()) outer.fail(node, "key.name", msg("is missing"), msg("name whose key it is"));
    if (!has_key) outer.fail(node, "key.public_key", msg("is missing"), msg("give the line that begins with RW"));
    if (key.roles.empty()) outer.fail(node, "key.roles", msg("is missing"), msg("write roles = [\"order\"]"));
    return key;
}

}  // namespace

Handler trust_option(trust::TrustPolicy& trust) {
    return table({
        {"threshold", number_option(trust.threshold, 1, 16)},
        {"key",
         [&](const toml::node& n, const Table& t, const std::string& name) {
             t.each(n, name, [&](const toml::node& item) {
                 auto key = read_key(item, t);
                 for (const auto& other : trust.keys)
                     // With two ids one person could count as two signers.
                     if (other.key.id == key.key.id || other.key.key == key.key.key)
                         t.fail(item, name, msg("\"%1\" is the same key as \"%2\"", key.name, other.name),
                                msg("a threshold counts distinct keys: keep one of them"));
                 trust.keys.push_back(std::move(key));
             });
         }},
    });
}

}  // namespace saring::settings
