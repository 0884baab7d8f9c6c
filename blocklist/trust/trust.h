// Decides which signatures count: trusted keys have a name, roles and a validity period; an order needs signatures of
// several distinct keys, so that no single person can block a site by mistake.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "trust/minisign.h"

namespace saring::trust {

enum class KeyRole { order, feed };

struct TrustedKey {
    std::string name;
    minisign::PublicKey key;
    std::vector<KeyRole> roles;
    std::optional<UnixTime> valid_from, valid_until;  // [from, until)
    // The key was lost or stolen: no signature counts from then on, whatever its date, since the holder of the key can
    // backdate signatures. Compared with the time of the check.
    std::optional<UnixTime> revoked;
};

struct TrustPolicy {
    unsigned threshold = 1;  // number of distinct keys that an order needs
    std::vector<TrustedKey> keys;
};

// Why the key does not count in this role at `now`; empty if it does.
Message why_not_trusted(const TrustedKey& key, KeyRole role, UnixTime now);

// The content of a signature file.
struct SignatureFile {
    std::string source;
    Bytes content;
};

struct SignatureVerdict {
    std::string source;
    std::string key_id;           // empty when the file is not a signature
    std::string key_name;         // empty when the key is unknown
    std::string trusted_comment;  // empty unless the signature is valid
    bool valid = false;           // for these bytes
    bool trusted = false;         // valid, and by a key that counts now in this role
    Message problem;              // why the signature does not count
};

struct TrustReport {
    std::vector<SignatureVerdict> signatures;
    unsigned threshold = 0;
    unsigned trusted_keys = 0;  // distinct
    bool met() const { return trusted_keys >= threshold && trusted_keys > 0; }
    std::string names() const;  // of the keys that count, comma separated
};

// Keys that count now in this role and have not signed.
std::vector<const TrustedKey*> others_that_may_sign(const TrustPolicy& policy, KeyRole role, const TrustReport& report,
                                                    UnixTime now);

TrustReport check_signatures(const TrustPolicy& policy, KeyRole role, ByteView document,
                             const std::vector<SignatureFile>& signatures, UnixTime now);

// Whether an order signed by these keys (TrustReport::names) would still reach the threshold without the revoked ones.
// Keys that only expired still count.
bool withstands_revocation(const TrustPolicy& policy, const std::string& signers, UnixTime now);

// Throws Error(trust) with the problem of each signature.
void require_trust(const TrustReport& report, const std::string& source);

}  // namespace saring::trust
