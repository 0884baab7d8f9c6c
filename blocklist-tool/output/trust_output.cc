#include "output/trust_output.h"

namespace saring::tool {
namespace {

unsigned missing(const trust::TrustReport& r) { return r.met() ? 0 : std::max(r.threshold, 1u) - r.trusted_keys; }

}  // namespace

void add_missing_signatures(Json& j, const trust::TrustPolicy& policy, const trust::TrustReport& report, UnixTime now) {
    j["missing"] = missing(report);
    j["may_sign"] = Json::array();
    for (const auto* key : others_that_may_sign(policy, trust::KeyRole::order, report, now))
        j["may_sign"].push_back({{"name", key->name}, {"key_id", trust::minisign::to_string(key->key.id)}});
}

void print_sufficiency(const trust::TrustPolicy& policy, const trust::TrustReport& report, UnixTime now) {
    print(trn("%1 trusted signature, %2 needed: %3", "%1 trusted signatures, %2 needed: %3", report.trusted_keys,
              report.threshold, report.met() ? tr("the order would be accepted") : tr("the order would be refused")));
    if (report.met()) return;
    std::string keys;
    for (const auto* key : others_that_may_sign(policy, trust::KeyRole::order, report, now))
        keys += (keys.empty() ? "" : ", ") + shown(key->name) + " (" + trust::minisign::to_string(key->key.id) + ")";
    print(trn(
        "%1 signature is missing; %2", "%1 signatures are missing; %2", missing(report),
        keys.empty() ? tr("no other key of saring.toml may sign orders now") : tr("these keys may sign: %1", keys)));
}

}  // namespace saring::tool
