#include "trust/trust.h"

#include <algorithm>
#include <set>

namespace saring::trust {

Message why_not_trusted(const TrustedKey& key, KeyRole role, UnixTime now) {
    if (std::find(key.roles.begin(), key.roles.end(), role) == key.roles.end())
        return role == KeyRole::order ? msg("the key \"%1\" may not sign orders", key.name)
                                      : msg("the key \"%1\" may not sign feeds", key.name);
    if (key.revoked && now >= *key.revoked)
        return msg("the key \"%1\" was revoked %2", key.name, format_rfc3339(*key.revoked));
    if (key.valid_from && now < *key.valid_from)
        return msg("the key \"%1\" is valid from %2", key.name, format_rfc3339(*key.valid_from));
    if (key.valid_until && now >= *key.valid_until)
        return msg("the key \"%1\" was valid until %2", key.name, format_rfc3339(*key.valid_until));
    return {};
}

namespace {

SignatureVerdict check_one(const TrustPolicy& policy, KeyRole role, ByteView document, const SignatureFile& file,
                           UnixTime now) {
    SignatureVerdict out;
    out.source = file.source;
    minisign::Signature signature;
    try {
        signature = minisign::Signature::parse(file.content, file.source);
    } catch (const Error& e) {
        out.problem = e.why();
        return out;
    }
    out.key_id = minisign::to_string(signature.id);
    auto key =
        std::find_if(policy.keys.begin(), policy.keys.end(), [&](const auto& k) { return k.key.id == signature.id; });
    if (key == policy.keys.end()) {
        out.problem = msg("the key is not trusted");
        return out;
    }
    out.key_name = key->name;
    out.valid = minisign::verify(key->key, signature, document);
    if (!out.valid) {
        out.problem =
            msg("the signature does not match: the document, the signature or its trusted comment was changed");
        return out;
    }
    out.trusted_comment = signature.trusted_comment;
    out.problem = why_not_trusted(*key, role, now);
    out.trusted = out.problem.empty();
    return out;
}

}  // namespace

std::string TrustReport::names() const {
    std::set<std::string> names;
    for (const auto& s : signatures)
        if (s.trusted) names.insert(s.key_name);
    std::string out;
    for (const auto& n : names) out += (out.empty() ? "" : ", ") + n;
    return out;
}

std::vector<const TrustedKey*> others_that_may_sign(const TrustPolicy& policy, KeyRole role, const TrustReport& report,
                                                    UnixTime now) {
    std::vector<const TrustedKey*> out;
    for (const auto& key : policy.keys) {
        bool has_signed = std::any_of(report.signatures.begin(), report.signatures.end(),
                                      [&](const auto& s) { return s.trusted && s.key_name == key.name; });
        if (!has_signed && why_not_trusted(key, role, now).empty()) out.push_back(&key);
    }
    return out;
}

TrustReport check_signatures(const TrustPolicy& policy, KeyRole role, ByteView document,
                             const std::vector<SignatureFile>& signatures, UnixTime now) {
    TrustReport report;
    report.threshold = policy.threshold;
    std::set<std::string> distinct;
    for (const auto& file : signatures) {
        report.signatures.push_back(check_one(policy, role, document, file, now));
        if (report.signatures.back().trusted) distinct.insert(report.signatures.back().key_id);
    }
    report.trusted_keys = static_cast<unsigned>(distinct.size());
    return report;
}

bool withstands_revocation(const TrustPolicy& policy, const std::string& signers, UnixTime now) {
    unsigned good = 0;
    bool any_revoked = false;
    for (std::size_t at = 0; at < signers.size();) {
        std::size_t end = std::min(signers.find(", ", at), signers.size());
        std::string name = signers.substr(at, end - at);
        bool revoked = std::any_of(policy.keys.begin(), policy.keys.end(),
                                   [&](const auto& k) { return k.name == name && k.revoked && now >= *k.revoked; });
        any_revoked = any_revoked || revoked;
        good += revoked ? 0 : 1;
        at = end + 2;
    }
    return !any_revoked || good >= policy.threshold;
}

void require_trust(const TrustReport& report, const std::string& source) {
    if (report.met()) return;
    if (report.signatures.empty())
        throw Error(ErrorKind::trust, source, msg("has no signature"),
                    msg("sign it, or put its .minisig files beside it"));
    Message why = msg("%1 of %2 trusted signatures", report.trusted_keys, report.threshold);
    for (const auto& s : report.signatures)
        if (!s.trusted)
            why =
                why + "; " + s.source + (s.key_id.empty() ? Message() : msg(" by key %1", s.key_id)) + ": " + s.problem;
    throw Error(ErrorKind::trust, source, why, msg("nothing was applied; ask the authority for a good signature"));
}

}  // namespace saring::trust
