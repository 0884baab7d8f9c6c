// Which signatures count: distinct keys, roles, validity periods, threshold.
#include "trust/trust.h"

#include "support.h"

namespace saring::test::trust_test {
namespace {

const std::string document = "an order";
constexpr UnixTime now = 1000;

struct Signer {
    std::string name;
    trust::minisign::SecretKey secret = trust::minisign::SecretKey::generate();

    trust::SignatureFile file(const std::string& over = document) const {
        return {name + ".minisig", secret.sign(over, "by " + name).format()};
    }
    trust::TrustedKey trusted() const {
        trust::TrustedKey k;
        k.name = name;
        k.key = secret.public_key();
        k.roles = {trust::KeyRole::order};
        return k;
    }
};

trust::TrustReport check(const trust::TrustPolicy& policy, const std::vector<trust::SignatureFile>& files,
                         trust::KeyRole role = trust::KeyRole::order) {
    return check_signatures(policy, role, document, files, now);
}

const Signer& ani() {
    static const Signer s{"ani"};
    return s;
}
const Signer& budi() {
    static const Signer s{"budi"};
    return s;
}

}  // namespace

TEST_CASE("One valid signature meets a threshold of one") {
    auto report = check({1, {ani().trusted()}}, {ani().file()});
    CHECK(report.met());
    CHECK(report.names() == "ani");
    REQUIRE(report.signatures.size() == 1);
    CHECK(report.signatures[0].valid);
    CHECK(report.signatures[0].trusted);
    CHECK(report.signatures[0].problem.empty());
    CHECK(report.signatures[0].key_name == "ani");
    CHECK(report.signatures[0].trusted_comment == "by ani");
    CHECK_NOTHROW(trust::require_trust(report, "order.json"));
}

TEST_CASE("No signature is never enough") {
    CHECK_FALSE(check({1, {ani().trusted()}}, {}).met());
    CHECK_FALSE(check({0, {}}, {}).met());
    require_error(ErrorKind::trust,
                  [] {
                      trust::require_trust(check({1, {ani().trusted()}}, {}), "order.json");
                  },
                  {"order.json", "no signature"});
}

TEST_CASE("A threshold of two needs two keys") {
    trust::TrustPolicy policy{2, {ani().trusted(), budi().trusted()}};
    CHECK_FALSE(check(policy, {ani().file()}).met());
    auto both = check(policy, {budi().file(), ani().file()});
    CHECK(both.met());
    CHECK(both.trusted_keys == 2);
    CHECK(both.names() == "ani, budi");
}

TEST_CASE("Two signatures by one key count once") {
    trust::TrustPolicy policy{2, {ani().trusted(), budi().trusted()}};
    auto second = trust::SignatureFile{"again.minisig", ani().secret.sign(document, "another comment").format()};
    auto report = check(policy, {ani().file(), second, ani().file()});
    CHECK(report.trusted_keys == 1);
    CHECK_FALSE(report.met());
    CHECK(report.names() == "ani");
    require_error(ErrorKind::trust, [&] { trust::require_trust(report, "order.json"); }, {"1 of 2"});
}

TEST_CASE("A signature by an unknown key does not count and is named") {
    auto report = check({1, {ani().trusted()}}, {budi().file()});
    CHECK_FALSE(report.met());
    CHECK(report.signatures[0].key_name.empty());
    CHECK_FALSE(report.signatures[0].valid);
    require_error(ErrorKind::trust, [&] { trust::require_trust(report, "order.json"); },
                  {"budi.minisig", trust::minisign::to_string(budi().secret.public_key().id), "key is not trusted"});
}

TEST_CASE("A signature with a forged key id does not count") {
    auto forged = budi().secret.sign(document, "c");
    forged.id = ani().secret.public_key().id;
    auto report = check({1, {ani().trusted()}}, {{"forged.minisig", forged.format()}});
    CHECK_FALSE(report.met());
    CHECK_FALSE(report.signatures[0].valid);
    CHECK(report.signatures[0].trusted_comment.empty());
}

TEST_CASE("A signature of another document does not count") {
    auto report = check({1, {ani().trusted()}}, {ani().file("another order")});
    CHECK_FALSE(report.met());
    CHECK_THAT(report.signatures[0].problem.english(), Catch::Contains("does not match"));
}

TEST_CASE("A valid signature counts beside invalid ones") {
    trust::TrustPolicy policy{1, {ani().trusted(), budi().trusted()}};
    auto report = check(policy, {{"garbage.minisig", "garbage"}, budi().file("another order"), ani().file()});
    CHECK(report.met());
    CHECK(report.names() == "ani");
    CHECK(report.signatures.size() == 3);
    CHECK(report.signatures[0].key_id.empty());
    CHECK_FALSE(report.signatures[0].problem.empty());
}

TEST_CASE("A key counts in its role only") {
    auto feed_key = ani().trusted();
    feed_key.roles = {trust::KeyRole::feed};
    auto report = check({1, {feed_key}}, {ani().file()});
    CHECK_FALSE(report.met());
    CHECK(report.signatures[0].valid);
    CHECK_THAT(report.signatures[0].problem.english(), Catch::Contains("may not sign orders"));
    CHECK(check({1, {feed_key}}, {ani().file()}, trust::KeyRole::feed).met());
    feed_key.roles.push_back(trust::KeyRole::order);
    CHECK(check({1, {feed_key}}, {ani().file()}).met());
}

TEST_CASE("A key counts from the first second of its validity up to the last") {
    auto valid = [](std::optional<UnixTime> from, std::optional<UnixTime> until) {
        auto key = ani().trusted();
        key.valid_from = from;
        key.valid_until = until;
        return check({1, {key}}, {ani().file()}).met();
    };
    CHECK(valid(now, {}));
    CHECK_FALSE(valid(now + 1, {}));
    CHECK(valid({}, now + 1));
    CHECK_FALSE(valid({}, now));
    CHECK(valid(now, now + 1));
}

TEST_CASE("A key outside its validity is reported with the time") {
    auto key = ani().trusted();
    key.valid_until = 500;
    auto report = check({1, {key}}, {ani().file()});
    CHECK_THAT(report.signatures[0].problem.english(), Catch::Contains("was valid until 1970-01-01T00:08:20Z"));
    key.valid_until.reset();
    key.valid_from = 2000;
    report = check({1, {key}}, {ani().file()});
    CHECK_THAT(report.signatures[0].problem.english(), Catch::Contains("valid from 1970-01-01T00:33:20Z"));
}

TEST_CASE("A revoked key counts until the moment of its revocation and not from then on") {
    auto key = ani().trusted();
    key.revoked = now + 1;
    CHECK(check({1, {key}}, {ani().file()}).met());
    key.revoked = now;
    auto report = check({1, {key}}, {ani().file()});
    CHECK_FALSE(report.met());
    CHECK_THAT(report.signatures[0].problem.english(), Catch::Contains("\"ani\" was revoked"));
}

TEST_CASE("An order withstands a revocation when enough other keys signed it") {
    auto lost = ani().trusted(), kept = budi().trusted();
    lost.revoked = now;
    CHECK_FALSE(trust::withstands_revocation({1, {lost, kept}}, "ani", now));
    CHECK(trust::withstands_revocation({1, {lost, kept}}, "ani", now - 1));
    CHECK(trust::withstands_revocation({1, {lost, kept}}, "ani, budi", now));
    CHECK_FALSE(trust::withstands_revocation({2, {lost, kept}}, "ani, budi", now));
    CHECK(trust::withstands_revocation({2, {lost, kept}}, "budi",
                                       now));  // accepted at another threshold; has no revoked key
    CHECK(trust::withstands_revocation({1, {lost, kept}}, "", now));  // a list, which has no signers
    lost.revoked.reset();
    lost.valid_until = now;
    CHECK(trust::withstands_revocation({1, {lost, kept}}, "ani", now));
}

}  // namespace saring::test::trust_test
