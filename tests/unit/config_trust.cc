// [trust]: the keys that decide who may block names.
#include "config_text.h"

namespace saring::test::config_trust_test {
namespace {

std::string public_key() { return trust::minisign::SecretKey::generate().public_key().base64(); }

std::string key_table(const std::string& name, const std::string& key, const std::string& more = "") {
    return "[[trust.key]]\nname = \"" + name + "\"\npublic_key = \"" + key + "\"\nroles = [\"order\"]\n" + more;
}

}  // namespace

TEST_CASE("A trusted key is read with all its options") {
    auto secret = trust::minisign::SecretKey::generate();
    auto c =
        load("[trust]\nthreshold = 1\n[[trust.key]]\nname = \"ani\"\npublic_key = \"" + secret.public_key().base64() +
             "\"\nroles = [\"order\", \"feed\"]\nvalid_from = \"2024-01-01T00:00:00Z\"\nvalid_until = "
             "\"2025-01-01T07:00:00+07:00\"\n");
    REQUIRE(c.trust.keys.size() == 1);
    const auto& k = c.trust.keys[0];
    CHECK(k.name == "ani");
    CHECK(k.key.id == secret.public_key().id);
    CHECK(k.key.key == secret.public_key().key);
    CHECK(k.roles == std::vector<trust::KeyRole>{trust::KeyRole::order, trust::KeyRole::feed});
    CHECK(k.valid_from == at("2024-01-01T00:00:00Z"));
    CHECK(k.valid_until == at("2025-01-01T00:00:00Z"));
}

TEST_CASE("A key without a validity period is always valid") {
    auto c = load(key_table("ani", public_key()));
    CHECK_FALSE(c.trust.keys.at(0).valid_from);
    CHECK_FALSE(c.trust.keys.at(0).valid_until);
}

TEST_CASE("A key without name, public key or role is refused") {
    auto key = public_key();
    refused_config("[[trust.key]]\npublic_key = \"" + key + "\"\nroles = [\"order\"]\n",
                   "1:", {"option trust.key.name is missing"});
    refused_config("[[trust.key]]\nname = \"ani\"\nroles = [\"order\"]\n",
                   "1:", {"option trust.key.public_key is missing"});
    refused_config("[[trust.key]]\nname = \"ani\"\npublic_key = \"" + key + "\"\n",
                   "1:", {"option trust.key.roles is missing"});
    refused_config("[[trust.key]]\nname = \"ani\"\npublic_key = \"" + key + "\"\nroles = []\n",
                   "1:", {"option trust.key.roles is missing"});
}

TEST_CASE("A wrong option of a key is refused with line and column") {
    auto key = public_key();
    refused_config(key_table("ani", "RWhello"), "3:14", {"option trust.key.public_key"});
    refused_config(key_table("ani", key, "role = \"feed\"\n"), "5:8", {"option trust.key.role is unknown"});
    refused_config(key_table("ani", key, "valid_until = \"2025\"\n"), "5:15", {"option trust.key.valid_until", "2025"});
    refused_config("[[trust.key]]\nname = \"ani\"\npublic_key = \"" + key + "\"\nroles = [\"order\", \"admin\"]\n",
                   "4:19", {"option trust.key.roles", "\"admin\"", "order or feed"});
}

TEST_CASE("The same key under two names is refused") {
    auto key = public_key();
    refused_config(key_table("ani", key) + key_table("budi", key), "5:", {"\"budi\" is the same key as \"ani\""});
}

TEST_CASE("The same key with two key ids is refused") {
    // Its holder could sign with both ids and count as two signers.
    auto key = trust::minisign::SecretKey::generate().public_key();
    auto again = key;
    again.id[0] ^= 1;
    refused_config(key_table("ani", key.base64()) + key_table("budi", again.base64()),
                   "5:", {"\"budi\" is the same key as \"ani\""});
}

TEST_CASE("A threshold above the number of keys is refused") {
    auto text = "[trust]\nthreshold = 2\n" + key_table("ani", public_key());
    require_error(ErrorKind::usage, [&] { load(text); }, {"saring.toml", "trust.threshold is 2 with only 1 keys"});
    CHECK_NOTHROW(load(text + key_table("budi", public_key())));
}

TEST_CASE("A threshold without keys is accepted, as on a machine that only reads") {
    CHECK(load("[trust]\nthreshold = 2\n").trust.threshold == 2);
}

}  // namespace saring::test::config_trust_test
